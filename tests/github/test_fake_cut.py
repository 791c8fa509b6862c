"""The folder `spec` is what the cutter makes of Octokit's packages."""

from tests.github.cut import SPEC, cuttings


def test_the_folder_holds_what_the_cutter_makes(octokit):
    for name, text in cuttings(octokit).items():
        assert (SPEC / name).read_text("utf-8") == text, f"python -m tests.github.cut writes {name} anew"
