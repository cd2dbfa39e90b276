"""OpenAI Agents SDK: agents with tools over responses and chat, output by a schema."""

import asyncio

from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI
from pydantic import BaseModel
from trying import BASE, END, GREETING, KEY, MODEL, PIXEL, TOO_LONG, add, now, raised, try_all, weather

set_tracing_disabled(True)
tools = [function_tool(one) for one in (add, weather, now)]


class Person(BaseModel):
    name: str
    age: int


def client(key=KEY):
    """A new one each time: it belongs to the event loop that it is first used in."""
    return AsyncOpenAI(base_url=BASE, api_key=key, max_retries=0)


def chat_model():
    return OpenAIChatCompletionsModel(MODEL, client())


def responses_model(key=KEY):
    return OpenAIResponsesModel(MODEL, client(key))


def agent(model, **more):
    return Agent(name="Helper", instructions="Use the tools.", model=model, **more)


def chat():
    assert Runner.run_sync(agent(responses_model()), "Say hello").final_output == GREETING


def streamed():
    async def ask():
        result = Runner.run_streamed(agent(responses_model()), "Say hello")
        pieces = []
        async for event in result.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                pieces.append(event.data.delta)
        return "".join(pieces)

    assert asyncio.run(ask()) == GREETING


def turns(model):
    settings = ModelSettings(parallel_tool_calls=True, include_usage=True)
    result = Runner.run_sync(agent(model, tools=tools, model_settings=settings), "2 + 3, the weather, the time?")
    assert result.final_output == END, result.final_output
    assert result.context_wrapper.usage.requests == 4


def schema():
    for model in (responses_model(), chat_model()):
        assert Runner.run_sync(agent(model, output_type=Person), "Who?").final_output == Person(name="Ada", age=36)


def picture():
    image = {"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}", "detail": "auto"}
    asked = [{"role": "user", "content": [{"type": "input_text", "text": "What is this?"}, image]}]
    assert Runner.run_sync(agent(responses_model()), asked).final_output == "A red dot."


def wrong_key():
    return raised(lambda: Runner.run_sync(agent(responses_model("wrong")), "Say hello"))


try_all(
    {
        "chat": chat,
        "streamed": streamed,
        "several turns with tools": lambda: turns(chat_model()),
        "several turns over responses": lambda: turns(responses_model()),
        "JSON by a schema": schema,
        "picture": picture,
        "too long": lambda: raised(lambda: Runner.run_sync(agent(responses_model()), TOO_LONG)),
        "a wrong key": wrong_key,
    }
)
