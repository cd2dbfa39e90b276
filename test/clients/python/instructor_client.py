"""instructor: a person by every way in which it can ask an OpenAI-like server for one."""

import instructor
from openai import OpenAI
from pydantic import BaseModel
from trying import BASE, KEY, MODEL, TOO_LONG, raised, try_all


class Person(BaseModel):
    name: str
    age: int


ADA = {"name": "Ada", "age": 36}
MODES = (
    instructor.Mode.TOOLS,
    instructor.Mode.TOOLS_STRICT,
    instructor.Mode.JSON,
    instructor.Mode.JSON_SCHEMA,
    instructor.Mode.MD_JSON,
    instructor.Mode.RESPONSES_TOOLS,
)


def client(mode, key=KEY):
    return instructor.from_openai(OpenAI(base_url=BASE, api_key=key, max_retries=0), mode=mode)


def ask(mode, content="Who?", key=KEY, **more):
    messages = [{"role": "user", "content": content}]
    return client(mode, key).create(model=MODEL, response_model=Person, messages=messages, max_retries=0, **more)


def schema():
    for mode in MODES:
        assert ask(mode).model_dump() == ADA, mode


def streamed():
    parts = client(instructor.Mode.TOOLS).create_partial(
        model=MODEL, response_model=Person, messages=[{"role": "user", "content": "Who?"}]
    )
    assert list(parts)[-1].age == 36


try_all(
    {
        "JSON by a schema": schema,
        "streamed": streamed,
        "too long": lambda: raised(lambda: ask(instructor.Mode.TOOLS, TOO_LONG)),
        "a wrong key": lambda: raised(lambda: ask(instructor.Mode.TOOLS, key="wrong")),
    }
)
