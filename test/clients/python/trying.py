"""Shared by every client here: where the gateway is, the tools, and how a feature's outcome is told (a JSON object a line)."""

import json
import os
import sys
import traceback

URL = os.environ["HEDDLE_URL"]
BASE = f"{URL}/v1"
KEY = os.environ["HEDDLE_KEY"]
MODEL = os.environ["HEDDLE_MODEL"]
PIXEL = os.environ["HEDDLE_PIXEL"]
GREETING = "Hello there, friend."
END = "Five; snow in both; noon."
# Longer than the context of any model that is tried here.
TOO_LONG = "A word. " * 200_000


def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


def weather(city: str) -> str:
    """Tells the weather in a city."""
    return f"It snows in {city}."


def now() -> str:
    """Tells the time."""
    return "noon"


def try_all(features):
    """Tries each feature; what it returns is what is noted instead of "works"."""
    for feature, attempt in features.items():
        line = {"feature": feature}
        try:
            said = attempt()
            if said is not None:
                line["says"] = said
        except Exception:
            line["failure"] = traceback.format_exc()[-3000:]
        print(json.dumps(line), flush=True)
    sys.exit(0)


def raised(attempt):
    """The name of the exception that the client raises: what its users catch."""
    try:
        attempt()
    except Exception as error:
        return type(error).__name__
    raise AssertionError("nothing was raised")
