"""Each dialect: the forms that occur, with the desired state that a person wrote down for each."""

import pytest
from estates import Case, cases, told

from kafka_gitops.dialects import DIALECTS

READ = [name for name in DIALECTS if name != "julieops"]
CASES = [pytest.param(name, case, id=f"{name}-{case.name}") for name in READ for case in cases(name)]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_files_come_to_what_is_written_beside_them(name: str, case: Case) -> None:
    assert told(name, case.files) == case.expected


@pytest.mark.parametrize("name", READ)
def test_a_dialect_has_the_forms_that_occur(name: str) -> None:
    assert len([file for case in cases(name) for file in case.files]) >= 12
