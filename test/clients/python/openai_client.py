"""What Python's own OpenAI client makes of Heddle. Prints one JSON object a line: the feature, and how it went."""

import json
import os
import sys

from openai import APIStatusError, OpenAI
from pydantic import BaseModel

MODEL = os.environ["HEDDLE_MODEL"]
client = OpenAI(base_url=os.environ["HEDDLE_URL"], api_key=os.environ["HEDDLE_KEY"], max_retries=0)
ask = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Name three colours."}],
    "max_tokens": 60,
    "temperature": 0,
}
city = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Bern", "Oslo"]}},
    "required": ["city"],
    "additionalProperties": False,
}
tools = [{"type": "function", "function": {"name": "weather", "description": "Tells the weather.", "parameters": city}}]


class Colour(BaseModel):
    warm: bool


def list_models():
    assert [model.id for model in client.models.list()] == [MODEL]


def chat():
    answer = client.chat.completions.create(**ask)
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def streamed():
    whole = client.chat.completions.create(**ask).choices[0].message.content
    chunks = client.chat.completions.create(**ask, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole


def usage_of_stream():
    chunks = list(client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.completion_tokens > 0


def tool_call():
    first = client.chat.completions.create(**ask, tools=tools, tool_choice="required").choices[0]
    call = first.message.tool_calls[0]
    assert first.finish_reason == "tool_calls"
    assert json.loads(call.function.arguments)["city"] in ("Bern", "Oslo")
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    messages = [*ask["messages"], first.message.model_dump(exclude_none=True), result]
    second = client.chat.completions.create(**{**ask, "messages": messages}, tools=tools, tool_choice="none")
    assert second.choices[0].message.tool_calls is None


def by_schema():
    answer = client.chat.completions.parse(**ask, response_format=Colour)
    assert isinstance(answer.choices[0].message.parsed, Colour)


def logprobs():
    choice = client.chat.completions.create(**ask, logprobs=True, top_logprobs=2).choices[0]
    assert "".join(one.token for one in choice.logprobs.content) == choice.message.content


def several():
    assert len(client.chat.completions.create(**{**ask, "temperature": 1}, n=2).choices) == 2


def completion():
    assert client.completions.create(model=MODEL, prompt="Red, green", max_tokens=8).choices[0].text


def embeddings():
    data = client.embeddings.create(model=MODEL, input=["a cat", "a dog"]).data
    assert len(data) == 2 and len(data[0].embedding) == len(data[1].embedding) > 0


def responses():
    assert client.responses.create(model=MODEL, input="Name three colours.", temperature=0).output_text


def responses_streamed():
    with client.responses.stream(model=MODEL, input="Name three colours.", temperature=0) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        assert text == stream.get_final_response().output_text


def unknown_field():
    client.chat.completions.create(**ask, extra_body={"keep_alive": -1})


def unknown_model():
    client.chat.completions.create(**{**ask, "model": "gone"})


def wrong_key():
    client.with_options(api_key="wrong").chat.completions.create(**ask)


attempts = {
    "list models": list_models,
    "chat": chat,
    "chat, streamed": streamed,
    "usage of a stream": usage_of_stream,
    "tool call and its result": tool_call,
    "JSON by a schema": by_schema,
    "log-probabilities": logprobs,
    "several answers (n)": several,
    "plain completion": completion,
    "embeddings": embeddings,
    "responses": responses,
    "responses, streamed": responses_streamed,
    "a field nobody knows": unknown_field,
    "a model nobody has": unknown_model,
    "a wrong key": wrong_key,
}

for feature, attempt in attempts.items():
    line = {"feature": feature}
    try:
        attempt()
    except APIStatusError as error:
        line |= {"code": error.code, "field": error.param}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
        line |= {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(line))
    sys.stdout.flush()
