"""Typed Python from the committed schema and the operations beside this file, as a front-end team would generate it."""

from pathlib import Path

from turms.config import GraphQLProject
from turms.run import generate as generate_code

from deploy.cli.contract import CURRENT

CLIENT = "waymark_client"
OPERATIONS = Path(__file__).parent / "operations"
PLUGINS = ("enums.EnumsPlugin", "inputs.InputsPlugin", "fragments.FragmentsPlugin")
SETTINGS = {
    "plugins": [
        {"type": f"turms.plugins.{name}"} for name in (*PLUGINS, "operations.OperationsPlugin")
    ],
    "stylers": [{"type": "turms.stylers.default.DefaultStyler"}],
    "scalar_definitions": {"Date": "datetime.date", "DateTime": "datetime.datetime"},
    "options": {
        "enabled": True,
        "extra": "forbid",
        "populate_by_name": True,
        "alias_mode": "split",
    },
}
"""`extra` is forbidden, so that an answer with more than was asked for is found."""


def generate(folder: Path, *, schema: Path = CURRENT, operations: Path = OPERATIONS) -> Path:
    """Writes one module of pydantic models; an operation that the schema does not have is refused."""
    project = GraphQLProject.model_validate(
        {
            "schema": str(schema),
            "documents": str(operations / "*.graphql"),
            "extensions": {"turms": SETTINGS},
        }
    )
    code, _schema = generate_code(project, log=lambda *_said, **_how: None)
    path = folder / f"{CLIENT}.py"
    path.write_text(code)
    return path
