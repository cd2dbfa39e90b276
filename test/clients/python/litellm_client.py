"""LiteLLM's own functions, over chat, messages and responses, and the exception types that its users catch."""

import json
import os

import litellm
from pydantic import BaseModel
from trying import BASE, END, GREETING, KEY, MODEL, PIXEL, TOO_LONG, URL, add, now, raised, try_all, weather

litellm.telemetry = False
OPENAI = {"model": f"openai/{MODEL}", "api_base": BASE, "api_key": KEY, "num_retries": 0, "max_retries": 0}
ANTHROPIC = {"model": f"anthropic/{MODEL}", "api_base": URL, "api_key": KEY, "num_retries": 0, "max_retries": 0}
HELLO = [{"role": "user", "content": "Say hello"}]
FUNCTIONS = {one.__name__: one for one in (add, weather, now)}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": name, "parameters": parameters}}
    for name, parameters in {
        "add": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
        "weather": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        "now": {"type": "object", "properties": {}},
    }.items()
]


class Person(BaseModel):
    name: str
    age: int


def chat():
    for settings in (OPENAI, ANTHROPIC):
        answer = litellm.completion(**settings, messages=HELLO)
        assert answer.choices[0].message.content == GREETING
        assert answer.usage.completion_tokens > 0


def streamed():
    for settings in (OPENAI, ANTHROPIC):
        chunks = litellm.completion(**settings, messages=HELLO, stream=True, stream_options={"include_usage": True})
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == GREETING


def turns(settings):
    messages = [{"role": "user", "content": "2 + 3, the weather, the time?"}]
    for _ in range(4):
        message = litellm.completion(**settings, messages=messages, tools=TOOLS).choices[0].message
        messages.append(message.model_dump())
        for call in message.tool_calls or []:
            said = FUNCTIONS[call.function.name](**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": str(said)})
    assert messages[-1]["content"] == END, messages


def over_responses():
    answer = litellm.responses(**OPENAI, input="Say hello")
    assert answer.output[0].content[0].text == GREETING


def schema():
    answer = litellm.completion(**OPENAI, messages=HELLO, response_format=Person)
    assert Person.model_validate_json(answer.choices[0].message.content) == Person(name="Ada", age=36)


def picture():
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, image]}]
    for settings in (OPENAI, ANTHROPIC):
        assert litellm.completion(**settings, messages=messages).choices[0].message.content == "A red dot."


def failing(messages=HELLO, **more):
    """What is raised over OpenAI's API and over Anthropic's, which must be the same."""
    one, other = (raised(lambda: litellm.completion(**{**settings, **more}, messages=messages)) for settings in (OPENAI, ANTHROPIC))
    return one if one == other else f"{one} and {other}"


def unknown_model():
    one = raised(lambda: litellm.completion(**{**OPENAI, "model": "openai/gone"}, messages=HELLO))
    other = raised(lambda: litellm.completion(**{**ANTHROPIC, "model": "anthropic/gone"}, messages=HELLO))
    return one if one == other else f"{one} and {other}"


try_all(
    {
        "chat": chat,
        "streamed": streamed,
        "several turns with tools": lambda: turns(OPENAI),
        "several turns over messages": lambda: turns(ANTHROPIC),
        "over responses": over_responses,
        "JSON by a schema": schema,
        "picture": picture,
        "too long": lambda: failing([{"role": "user", "content": TOO_LONG}]),
        "a wrong key": lambda: failing(api_key="wrong"),
        "a spent rate": lambda: failing(api_key=os.environ["HEDDLE_SPENT_KEY"]),
        "a model nobody has": unknown_model,
        "a field out of range": lambda: failing(temperature=-1),
    }
)
