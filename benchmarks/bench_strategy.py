"""The worked case of strategic voting: every action over a hundred thousand draws."""

import statistics
import time

from registry import Row, bench

from haq.law import ChoiceKind, load_profile
from haq.strategy.advice import advise
from haq.strategy.aims import aim_of
from haq.strategy.beliefs import dirichlet_votes
from haq.strategy.effects import effects_of

#: Votes like those of a parliament with one large list, made up.
VOTES = {
    "list_1": 3_400_000,
    "list_2": 690_000,
    "list_3": 550_000,
    "list_4": 530_000,
    "list_5": 430_000,
    "list_6": 331_000,
    "list_7": 146_000,
    "against_all": 248_000,
}
DRAWS, ROUNDS = 100_000, 3


@bench(f"strategy: {len(VOTES) + 2} actions × {DRAWS:,} draws")
def worked_case() -> list[Row]:
    """Measure draws, seats, effects and advice in process, after a first run that compiles."""
    rule = load_profile("kz-majilis-2023").contests["lists"].seat_rule
    kinds = {c: ChoiceKind.AGAINST_ALL if c == "against_all" else ChoiceKind.LIST for c in VOTES}
    aim = aim_of("fewest-seats:list_1", [c for c in VOTES if c != "against_all"], 69)

    def run(draws: int) -> float:
        begun = time.perf_counter()
        drawn = dirichlet_votes(VOTES, 800, draws, 1)
        advise(effects_of(drawn, kinds, rule=rule, seats=69, aim=aim, bloc=50_000), aim)
        return time.perf_counter() - begun

    compiling = run(10)
    return [
        Row("first call, compilation included where nothing is kept", compiling, "s"),
        Row(f"all of it, median of {ROUNDS}", statistics.median(run(DRAWS) for _ in range(ROUNDS)), "s", 2.0),
    ]
