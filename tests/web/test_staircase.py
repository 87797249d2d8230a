"""Foreign keys point down the staircase of apps; the guard that says so can fail."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps


@pytest.fixture(scope="module")
def staircase(project: Path) -> dict[str, int]:
    """App -> its step, 0 at the top, from the same contract that rules the imports."""
    contracts = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "web")
    return {app.strip(" ()"): step for step, layer in enumerate(layers) for app in layer.split("|")}


def climbing_keys(tables: Iterable[type[models.Model]], staircase: dict[str, int]) -> list[str]:
    """Name every relation to an app on the same or a higher step; the app itself is allowed."""
    climbing = []
    for model in tables:
        here = model._meta.app_label
        for field in (*model._meta.fields, *model._meta.many_to_many):
            there = field.related_model._meta.app_label if field.is_relation and field.related_model else here
            if there in staircase and there != here and staircase[there] <= staircase[here]:
                climbing.append(f"{model._meta.label}.{field.name} -> {there}")
    return climbing


def test_foreign_keys_point_down_the_staircase(staircase: dict[str, int]) -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("haq_web.")]
    assert ours
    assert {model._meta.app_label for model in ours} <= staircase.keys()
    assert climbing_keys(ours, staircase) == []


def test_the_guard_finds_a_key_that_climbs(staircase: dict[str, int]) -> None:
    with isolate_apps("haq_web.accounts", "haq_web.common"):

        class Lower(models.Model):
            parent = models.ForeignKey("self", models.PROTECT)

            class Meta:
                app_label = "common"

        class Person(models.Model):
            lower = models.ForeignKey(Lower, models.PROTECT)

            class Meta:
                app_label = "accounts"

        class Climber(models.Model):
            person = models.ForeignKey(Person, models.PROTECT)
            people = models.ManyToManyField(Person)

            class Meta:
                app_label = "common"

        found = climbing_keys([Lower, Person, Climber], staircase)
    assert found == ["common.Climber.person -> accounts", "common.Climber.people -> accounts"]
