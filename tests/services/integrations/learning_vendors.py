"""The APIs of the learning systems that page by a Link header, or answer failures with 200."""

from typing import Any

from .vending import SECRET, Answer, Asked, Fault, Vendor


class Linked(Vendor):
    """Lists in pages; the next one is named in the Link header, with an address of elsewhere."""

    def __init__(self, page: int = 2) -> None:
        super().__init__()
        self.page = page

    def paged(self, asked: Asked, rows: list[Any]) -> Answer:
        start = int(asked.query.get("next", "0"))
        self.headers = {}
        if start + self.page < len(rows):
            to = f"https://elsewhere.example{asked.path}?{asked.raw_query}&next={start + self.page}"
            self.headers = {
                "link": f'<{self.address}{asked.path}>; rel="current", <{to}>; rel="next"'
            }
        return 200, rows[start : start + self.page]


class Canvas(Linked):
    """Courses of the account, enrolments of a course, and progress where a course has modules."""

    def __init__(self, page: int = 2) -> None:
        super().__init__(page)
        self.courses: dict[str, dict[str, Any]] = {}
        self.enrolments: dict[str, list[dict[str, Any]]] = {}
        self.progress: dict[str, dict[str, Any]] = {}

    def allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {SECRET}"

    def teach(self, course: int, *, modules: bool = True, sis: str | None = None) -> None:
        key = str(course)
        self.courses[key] = {"id": course, "sis_course_id": sis, "workflow_state": "available"}
        self.enrolments[key] = []
        if modules:
            self.progress[key] = {}

    def enrol(self, course: int, user: int, completed_at: str | None = None) -> None:
        key = str(course)
        self.enrolments[key].append(
            {
                "id": 9000 + user,
                "course_id": course,
                "sis_course_id": self.courses[key]["sis_course_id"],
                "user_id": user,
                "type": "StudentEnrollment",
                "enrollment_state": "active",
                "created_at": "2026-10-01T08:00:00Z",
                "user": {"id": user, "name": f"User {user}", "login_id": f"u{user}@acme.example"},
            }
        )
        if key in self.progress:
            told = {"requirement_count": 2, "completed_at": completed_at}
            self.progress[key][str(user)] = told

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v1/accounts/self/courses":
            assert asked.query["per_page"] == "100"
            return self.paged(asked, list(self.courses.values()))
        course, _, door = asked.path.removeprefix("/api/v1/courses/").partition("/")
        if course not in self.courses:
            return 404, {"errors": [{"message": "The specified resource does not exist."}]}
        if door == "enrollments":
            assert asked.query["type[]"] == "StudentEnrollment"
            wanted = asked.query.get("user_id")
            rows = self.enrolments[course]
            return self.paged(asked, [r for r in rows if wanted in (None, str(r["user_id"]))])
        if course not in self.progress:
            return 400, {"error": {"message": "no progress available"}}
        of = self.progress[course]
        if door == "bulk_user_progress":
            return self.paged(asked, [{"id": int(u), "progress": p} for u, p in of.items()])
        return 200, of[door.removeprefix("users/").removesuffix("/progress")]


THROTTLED = Fault(403, body=b"403 Forbidden (Rate Limit Exceeded)\n")


class Learning360(Linked):
    """The learners of path sessions, of one or of all."""

    token_path = "/api/v2/oauth2/token"

    def __init__(self, page: int = 2) -> None:
        super().__init__(page)
        self.learners: dict[str, list[dict[str, Any]]] = {}
        self.statistics: list[dict[str, Any]] = []

    def study(self, user: str, path: str, status: str, completed_at: str | None = None) -> None:
        told = {"userId": user, "pathId": path, "sessionId": "s", "status": {"type": status}}
        self.statistics.append({**told, "completedAt": completed_at, "score": 70})

    def answer(self, asked: Asked) -> Answer:
        assert asked.headers["360-api-version"] == "v2.0"
        if asked.path == "/api/v2/paths/stats":
            return self.paged(asked, self.statistics)
        session = asked.path.removeprefix("/api/v2/paths/").removesuffix("/user-stats")
        if session not in self.learners:
            return 404, {}
        return self.paged(asked, self.learners[session])


class Moodle(Vendor):
    """Badges by person, the enrolled by course; whatever is wrong is answered with 200."""

    def __init__(self) -> None:
        super().__init__()
        self.badges: dict[str, list[dict[str, Any]]] = {}
        self.courses: list[dict[str, Any]] = [{"id": 1, "format": "site"}]
        self.enrolled: dict[str, list[dict[str, Any]]] = {}
        self.completions: dict[tuple[str, str], Any] = {}

    @property
    def functions(self) -> list[str]:
        return [each.told["wsfunction"] for each in self.asked]

    def teach(self, course: int, *, tracked: bool = True) -> None:
        self.courses.append({"id": course, "format": "topics", "enablecompletion": int(tracked)})
        self.enrolled[str(course)] = []

    def enrol(self, course: int, user: int, role: str = "student", *met: int) -> None:
        self.enrolled[str(course)].append(
            {"id": user, "email": f"m{user}@acme.example", "roles": [{"shortname": role}]}
        )
        completions = [{"complete": True, "timecompleted": at} for at in met]
        status = {"completed": bool(met), "aggregation": 1, "completions": completions}
        told = {"completionstatus": status, "warnings": []}
        self.completions[str(course), str(user)] = told if role == "student" else "usernotenroled"

    def allowed(self, asked: Asked) -> bool:
        return True

    def answer(self, asked: Asked) -> Answer:
        assert asked.path == "/webservice/rest/server.php"
        told = asked.told
        if told.get("wstoken") != SECRET:
            return 200, {"exception": "moodle_exception", "errorcode": "invalidtoken"}
        match told["wsfunction"]:
            case "core_badges_get_user_badges":
                return 200, {"badges": self.badges.get(told["userid"], []), "warnings": []}
            case "core_course_get_courses":
                return 200, self.courses
            case "core_enrol_get_enrolled_users":
                start, most = int(told["options[0][value]"]), int(told["options[1][value]"])
                return 200, self.enrolled[told["courseid"]][start : start + most]
            case _:
                status = self.completions[told["courseid"], told["userid"]]
                if isinstance(status, str):
                    return 200, {"exception": "moodle_exception", "errorcode": status}
                return 200, status
