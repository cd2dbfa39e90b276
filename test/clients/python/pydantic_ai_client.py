"""pydantic-ai: agents with tools over all three APIs, output by a schema."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput, ToolOutput
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from trying import BASE, END, GREETING, KEY, MODEL, PIXEL, TOO_LONG, URL, add, now, raised, try_all, weather


class Person(BaseModel):
    name: str
    age: int


openai = OpenAIProvider(base_url=BASE, api_key=KEY)
chat_model = OpenAIChatModel(MODEL, provider=openai)
responses_model = OpenAIResponsesModel(MODEL, provider=openai)
anthropic_model = AnthropicModel(MODEL, provider=AnthropicProvider(base_url=URL, api_key=KEY))


def chat():
    answer = Agent(chat_model).run_sync("Say hello")
    assert answer.output == GREETING, answer.output


def streamed():
    async def ask():
        async with Agent(chat_model).run_stream("Say hello") as result:
            return "".join([piece async for piece in result.stream_text(delta=True)])

    assert asyncio.run(ask()) == GREETING


def turns(model):
    agent = Agent(model, instructions="Use the tools.", tools=[add, weather, now])
    answer = agent.run_sync("2 + 3, the weather, the time?")
    assert answer.output == END, answer.output
    assert answer.usage.requests == 4, answer.usage


def schema():
    for output in (NativeOutput(Person), ToolOutput(Person)):
        answer = Agent(chat_model, output_type=output).run_sync("Who?")
        assert answer.output == Person(name="Ada", age=36)


def picture():
    import base64

    seen = Agent(chat_model).run_sync(["What is this?", BinaryContent(base64.b64decode(PIXEL), media_type="image/png")])
    assert seen.output == "A red dot."


def wrong_key():
    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=BASE, api_key="wrong"))
    return raised(lambda: Agent(model).run_sync("Say hello"))


try_all(
    {
        "chat": chat,
        "streamed": streamed,
        "several turns with tools": lambda: turns(chat_model),
        "several turns over responses": lambda: turns(responses_model),
        "several turns over messages": lambda: turns(anthropic_model),
        "JSON by a schema": schema,
        "picture": picture,
        "too long": lambda: raised(lambda: Agent(chat_model).run_sync(TOO_LONG)),
        "a wrong key": wrong_key,
    }
)
