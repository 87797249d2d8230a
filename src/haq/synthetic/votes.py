"""What was counted at every station, with exact national totals."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from haq.synthetic.form import LINES, REST
from haq.synthetic.geography import Geography
from haq.synthetic.rounding import Counts, Floats, fit_margins, move_to_totals
from haq.synthetic.spec import Spec, Spread


def national_totals(spec: Spec) -> Counts:
    """Sum up the country: choices in ballot order, then the columns of ``REST`` [voters]."""
    national = spec.national
    votes = [choice.votes for choice in spec.choices]
    away = national.took_part - sum(votes) - national.invalid - national.wrong_form
    rest = [national.invalid, national.wrong_form, away, national.registered - national.took_part]
    return np.array(votes + rest, dtype=np.int64)


def draw_voters(rng: Generator, spec: Spec, geography: Geography) -> Counts:
    """Draw where every registered voter ends: a choice, a bad ballot, or none.

    Turnout is logit-normal and shares are logistic-normal with effects of region,
    district, station and kind. Their expectation is fitted to the totals of the
    country, voters are drawn one by one (multinomial), and the few too many of one
    column move to another within their station.

    Args:
        rng: source of all draws.
        spec: the specification.
        geography: the stations.

    Returns:
        Counts (stations x (choices + REST)); every row sums to the registered voters,
        every column to its national total.
    """
    turnout = np.array([region.turnout for region in spec.regions])[geography.region]
    turnout_kind = np.array([kind.turnout for kind in spec.kinds])[geography.kind]
    effect = _effects(rng, spec.dispersion.turnout, geography, 1)[:, 0]
    came = 1 / (1 + np.exp(-(np.log(turnout / (1 - turnout)) + turnout_kind + effect)))

    totals = national_totals(spec)
    shares_kind = np.array([[kind.shares.get(key, 0.0) for key in spec.choice_keys] for kind in spec.kinds])
    effects = np.hstack(
        [
            _effects(rng, spec.dispersion.shares, geography, len(spec.choices)) + shares_kind[geography.kind],
            _effects(rng, spec.dispersion.other, geography, len(REST) - 1),
        ]
    )
    weights = totals[:-1] * np.exp(effects)
    shares = weights / weights.sum(axis=1, keepdims=True)
    chances = np.hstack([came[:, None] * shares, (1 - came)[:, None]])
    expected = fit_margins(chances * geography.registered[:, None], geography.registered, totals)
    fitted = expected / expected.sum(axis=1, keepdims=True)
    return move_to_totals(rng, rng.multinomial(geography.registered, fitted), totals)


def _effects(rng: Generator, spread: Spread, geography: Geography, width: int) -> Floats:
    regions, districts = geography.region.max() + 1, geography.district.max() + 1
    region = spread.region * rng.standard_normal((regions, width))
    district = spread.district * rng.standard_normal((districts, width))
    station = spread.station * rng.standard_normal((len(geography.region), width))
    return region[geography.region] + district[geography.district] + station


def fill_protocols(rng: Generator, voters: Counts, geography: Geography) -> Counts:
    """Fill the honest protocol of every station from where its voters ended.

    Args:
        rng: source of the lines that voters do not decide: reserve and spoiled
            ballots, absentee certificates, voting outside the premises.
        voters: counts as ``draw_voters`` returns them.
        geography: the stations.

    Returns:
        Figures (stations x (LINES + choices)) that obey every control relation.
    """
    registered = geography.registered
    choices, rest = voters[:, : -len(REST)], dict(zip(REST, voters[:, -len(REST) :].T, strict=True))
    issued = registered - rest["not_issued"]
    spoiled = rng.binomial(issued, rng.beta(2, 1000, len(issued)))
    # More ballots than voters arrive: a reserve, and enough to replace spoiled ones.
    received = registered + spoiled + rng.binomial(registered, rng.beta(4, 600, len(issued)))
    outside, absentee = rng.beta(1.2, 30, len(issued)), rng.beta(1.5, 200, len(issued))
    how = rng.multinomial(
        issued, np.stack([outside, absentee * (1 - outside), (1 - absentee) * (1 - outside)], axis=1)
    )
    lines = {
        "registered": registered,
        "ballots_received": received,
        "ballots_issued": issued,
        "issued_absentee": how[:, 1],
        "issued_outside": how[:, 0],
        "absentee_certs_given": rng.binomial(registered, rng.beta(1.5, 250, len(issued))),
        "ballots_unused_cancelled": received - issued - spoiled,
        "ballots_spoiled_replaced": spoiled,
        "ballots_in_boxes": issued - rest["taken_away"],
        "ballots_invalid": rest["ballots_invalid"],
        "ballots_wrong_form": rest["ballots_wrong_form"],
    }
    return np.column_stack([*(lines[line] for line in LINES), choices])
