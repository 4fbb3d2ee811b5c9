"""An invented release of two occupations, in the layout of O*NET's text download."""

from pathlib import Path

RATING = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value"
FLAGS = "Recommend Suppress\tNot Relevant"
TABLES = {
    "Occupation Data.txt": [
        "O*NET-SOC Code\tTitle\tDescription",
        '15-0001.00\tTide Readers\tRead tides, "spring" ones too.',
        '15-0002.00\tBuoy Painters\t"Paint buoys."',
        "53-0003.00\tFerry Dreamers\tHave no ratings.",
    ],
    "Content Model Reference.txt": [
        "Element ID\tElement Name\tDescription",
        "2.A\tBasic Skills\tNot rated itself.",
        '2.A.1.a\tReading\t"Reads ""well"" and often."',
        "2.C.1.a\tSeamanship\tKnows the sea.",
    ],
    "Skills.txt": [
        f"{RATING}\t{FLAGS}",
        "15-0001.00\t2.A.1.a\tReading\tIM\t4.12\tN\tn/a",
        "15-0001.00\t2.A.1.a\tReading\tLV\t3.5\tN\tN",
        "15-0002.00\t2.A.1.a\tReading\tIM\t2\tN\t",
        "15-0002.00\t2.A.1.a\tReading\tLV\t0\tN\tY",
    ],
    "Knowledge.txt": [
        f"{RATING}\t{FLAGS}",
        "15-0001.00\t2.C.1.a\tSeamanship\tIM\t5\tN\t",
        "15-0001.00\t2.C.1.a\tSeamanship\tLV\t7\tY\tN",
        "15-0002.00\t2.C.1.a\tSeamanship\tIM\t3\tN\t",
        "15-0002.00\t2.C.1.a\tSeamanship\tLV\t7\tN\tN",
    ],
    "Job Zones.txt": ["O*NET-SOC Code\tJob Zone", "15-0001.00\t4"],
    "Interests.txt": [
        RATING,
        "15-0001.00\t1.B.1.a\tRealistic\tOI\t2.5",
        "15-0001.00\t1.B.1.b\tInvestigative\tOI\t6.1",
        "15-0001.00\t1.B.1.c\tArtistic\tOI\t1.5",
        "15-0001.00\t1.B.1.d\tSocial\tOI\t2",
        "15-0001.00\t1.B.1.e\tEnterprising\tOI\t3.25",
        "15-0001.00\t1.B.1.f\tConventional\tOI\t4",
        "15-0001.00\t1.B.1.g\tFirst Interest High-Point\tIH\t2",
        "15-0002.00\t1.B.1.c\tArtistic\tOI\t5",
    ],
    "Work Values.txt": [
        RATING,
        "15-0001.00\t1.B.2.a\tAchievement\tEX\t5",
        "15-0001.00\t1.B.2.b\tWorking Conditions\tEX\t5",
        "15-0001.00\t1.B.2.c\tRecognition\tEX\t4.33",
        "15-0001.00\t1.B.2.d\tRelationships\tEX\t2",
        "15-0001.00\t1.B.2.e\tSupport\tEX\t3",
        "15-0001.00\t1.B.2.f\tIndependence\tEX\t4",
        "15-0001.00\t1.B.2.g\tFirst Work Value High-Point\tVH\t2.0",
        "15-0002.00\t1.B.2.a\tAchievement\tEX\t3",
    ],
}


def write_release(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, lines in TABLES.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
