"""LlamaIndex: chat, an agent with tools, and a schema, by its class for OpenAI-like servers."""

import asyncio

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage, ImageBlock, TextBlock
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel
from trying import BASE, END, GREETING, KEY, MODEL, PIXEL, TOO_LONG, add, now, raised, try_all, weather

settings = {"model": MODEL, "api_base": BASE, "is_chat_model": True, "max_retries": 0, "context_window": 131_072}
llm = OpenAILike(api_key=KEY, is_function_calling_model=True, **settings)


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def chat():
    assert llm.chat([ChatMessage("Say hello")]).message.content == GREETING


def streamed():
    assert "".join(chunk.delta or "" for chunk in llm.stream_chat([ChatMessage("Say hello")])) == GREETING


def turns():
    async def ask():
        agent = FunctionAgent(tools=[add, weather, now], llm=llm, system_prompt="Use the tools.")
        return str(await agent.run("2 + 3, the weather, the time?"))

    said = asyncio.run(ask())
    assert said == END, said


def schema():
    for structured in (False, True):
        asking = OpenAILike(
            api_key=KEY, is_function_calling_model=True, should_use_structured_outputs=structured, **settings
        )
        answer = asking.as_structured_llm(Person).chat([ChatMessage("Who?")]).raw
        assert answer == Person(name="Ada", age=36), answer


def picture():
    blocks = [TextBlock(text="What is this?"), ImageBlock(url=f"data:image/png;base64,{PIXEL}")]
    assert llm.chat([ChatMessage(role="user", blocks=blocks)]).message.content == "A red dot."


def wrong_key():
    return raised(lambda: OpenAILike(api_key="wrong", **settings).chat([ChatMessage("Say hello")]))


try_all(
    {
        "chat": chat,
        "streamed": streamed,
        "several turns with tools": turns,
        "JSON by a schema": schema,
        "picture": picture,
        "too long": lambda: raised(lambda: llm.chat([ChatMessage(TOO_LONG)])),
        "a wrong key": wrong_key,
    }
)
