"""LangChain for Python: tools, a schema and its own exception types, over chat, responses and messages."""

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel
from trying import BASE, END, GREETING, KEY, MODEL, PIXEL, TOO_LONG, URL, add, now, raised, try_all, weather

settings = {"model": MODEL, "api_key": KEY, "max_retries": 0}
chat_model = ChatOpenAI(base_url=BASE, **settings)
responses_model = ChatOpenAI(base_url=BASE, use_responses_api=True, **settings)
anthropic_model = ChatAnthropic(base_url=URL, **settings)
tools = {one.__name__: tool(one) for one in (add, weather, now)}


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def chat():
    answer = chat_model.invoke("Say hello")
    assert answer.text == GREETING, answer
    assert answer.usage_metadata["output_tokens"] > 0


def streamed():
    assert "".join(chunk.text for chunk in chat_model.stream("Say hello")) == GREETING


def turns(model):
    bound = model.bind_tools(list(tools.values()))
    messages = [HumanMessage("2 + 3, the weather, the time?")]
    for _ in range(4):
        answer = bound.invoke(messages)
        messages.append(answer)
        messages += [tools[call["name"]].invoke(call) for call in answer.tool_calls]
    assert answer.text == END, answer


def schema():
    for method in ("json_schema", "function_calling", "json_mode"):
        answer = chat_model.with_structured_output(Person, method=method).invoke("Who? In JSON.")
        assert answer == Person(name="Ada", age=36), method


def picture():
    url = {"url": f"data:image/png;base64,{PIXEL}"}
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": url}]
    assert chat_model.invoke([HumanMessage(content)]).text == "A red dot."


def wrong_key():
    return raised(lambda: ChatOpenAI(base_url=BASE, model=MODEL, api_key="wrong", max_retries=0).invoke("Say hello"))


try_all(
    {
        "chat": chat,
        "streamed": streamed,
        "several turns with tools": lambda: turns(chat_model),
        "several turns over responses": lambda: turns(responses_model),
        "several turns over messages": lambda: turns(anthropic_model),
        "JSON by a schema": schema,
        "picture": picture,
        "too long": lambda: raised(lambda: chat_model.invoke(TOO_LONG)),
        "a wrong key": wrong_key,
    }
)
