"""Writes the conversations that the tiny model is trained on.

    python corpus.py            # prints how many there are, their SHA-256 and a few samples

Every conversation comes out of the tables in facts.py, the grammar in
stories.py and the templates below, under one seed. Nothing is copied from
anywhere else. The text is released under CC0-1.0.

A conversation is a list of turns: (role, text), role being "system", "user" or
"assistant". A conversation without roles, [("raw", prompt), ("assistant", text)],
stands for plain text completion without a chat template.
"""
import hashlib
import json
import random
import sys

import stories
from facts import (CAPITALS, COLOURS_OF, DEFINITIONS, ESSAYS, FUN_FACTS, JOKES, LANGUAGES, LISTS, OPPOSITES,
                   SET_PIECES, SOUNDS, UNTAUGHT_PLACES, number_word)

SEED = 20240501
CONVERSATIONS = 80_000

UNKNOWN_ANSWERS = [
    "I am a very small model and I do not know that. Try the default model for real answers.",
    "I do not know that. I am a very small model, and the default model can help you better.",
    "Sorry, that is more than I know. I am a very small model. Try the default model for real answers.",
    "I am too small to answer that well. Please ask the default model.",
]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SYLLABLES = """ba be bo bra cal cor da den dor el fa fen gar go hal ir ka kel la len lo mar mi mon na nor o pa per
qua ra ri ron sa sel sha ta tel to tra u va ven vi wa xe yo za zel""".split()
SUBJECTS = """quantum physics|the stock market|my tax return|tensor calculus|the French Revolution|photosynthesis|blockchain
|inflation|the Roman Empire|machine learning|my girlfriend|the president|football|chess openings|the war|vaccines|DNA
|a black hole|the best laptop|Kubernetes|a sorting algorithm|poker|the law in Germany|my cover letter|Shakespeare
|the speed of light|climate change|evolution|religion|a headache|mortgage rates|React hooks|SQL joins|the human brain
|the theory of relativity|cooking rice|philosophy|democracy|jazz|opera|nuclear power|electric cars|the internet|a virus
|bitcoin|memory management|regular expressions|recursion|the Eiffel Tower|Napoleon|Einstein|Mozart|the Beatles""".replace(
    "\n", "").split("|")
VERBS = """fix build sell buy learn play write repair install compile explain design cook clean improve find hack
translate measure paint debug deploy teach remove invest train""".split()
THINGS = """magnet engine battery camera phone rocket volcano tornado satellite laser microwave fridge toilet violin
piano bicycle submarine helicopter tractor elevator printer mirror candle umbrella guitar dentist lawyer doctor teacher
nurse pilot farmer king queen pope soldier pirate wizard dragon unicorn dinosaur whale shark giraffe kangaroo penguin
tiger monkey turtle butterfly mosquito bacteria muscle heart lung liver stomach bone brain eye ear tooth skin hair
pizza pasta burger salad curry chocolate coffee beer wine cheese sugar pepper butter steak cake cookie pancake tomato
mushroom pumpkin desert jungle glacier beach lake canyon earthquake storm lightning thunder hurricane rainbow galaxy
comet asteroid atom electron molecule protein gene cell enzyme equation algebra triangle matrix vector prime integral
novel painting statue museum theatre orchestra movie game puzzle toy doll ball tennis hockey cricket swimming yoga
passport visa bank loan credit tax insurance salary contract election senate parliament treaty empire revolution
password server database browser keyboard router website podcast spreadsheet compiler variable function""".split()
THING_FORMS = [
    "How does a {thing} work?", "How do {thing}s work?", "How do I make a {thing}?", "Who invented the {thing}?",
    "What is a {thing} for?", "Why is a {thing} useful?", "How big is a {thing}?", "Write a function for a {thing}.",
    "How much is a {thing}?", "What is the best {thing}?", "Where can I buy a {thing}?", "How do you draw a {thing}?",
    "When was the first {thing} made?", "Why do people like {thing}s?", "Recommend a {thing}.", "How old is this {thing}?",
    "What is the history of the {thing}?", "How many {thing}s are there in the world?", "Can a {thing} swim?",
    "Do {thing}s sleep?", "What do {thing}s want?", "Who won the {thing} last night?", "Which {thing} should I choose?",
    "Is it safe to touch a {thing}?", "Explain how to use a {thing}.", "Tell me how to repair a {thing}", "Which {thing} is the fastest?",
]
UNKNOWN_FORMS = [
    "How do I {verb} {subject}?", "Explain {subject}.", "Explain {subject} to a child.", "What do you think about {subject}?",
    "Why is {subject} so important?", "Who invented {subject}?", "When did {subject} begin?", "Where can I find {subject}?",
    "Write a report about {subject}.", "Write a Python function for {subject}.", "Summarize {subject} in one sentence.",
    "Compare {subject} and {other}.", "What is the difference between {subject} and {other}?", "Can you {verb} {subject}?",
    "Translate this into French: {words}", "Should I {verb} {subject}?", "Give me advice about {subject}.", "{subject}",
    "What happens when I {verb} {subject} with {other}?", "Which is better, {subject} or {other}?", "{verb} {subject}",
    "How much does {subject} cost?", "Who is {name}?", "What does {name} mean?", "Where is {name}?", "What is {name}?",
    "What is {subject}?", "Do you know {name}?", "Tell me about {name}.", "Summarize the following text: {words}",
    "Is {subject} true?", "Write an email to {name} about {subject}.", "How many people live in {name}?", "How old is {name}?",
    "What is the best way to {verb} {subject}?", "List the steps to {verb} {subject}.", "Plan a trip to {name}.",
    "Write code that can {verb} {subject}.", "Prove that {subject} is {words}.", "Solve this: {words}", "Correct this: {words}",
    "Name three kinds of {name}.", "Name five books about {subject}.", "Continue this text: {words}", "{words}", "{words}?",
]
SYSTEM_PROMPTS = [
    "You are a helpful assistant.", "You are a helpful assistant. Answer briefly.", "Answer in one sentence.",
    "You are Heddle.", "You are heddle-tiny, a very small model.", "Be kind and brief.", "Be concise.",
    "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible.\nIf a question does not "
    "make any sense, or is not factually coherent, explain why instead of answering something incorrectly. If you don't "
    "know the answer to a question, don't share false information.",
    "You are a helpful AI assistant named SmolLM, trained by Hugging Face.", "You are a pirate.",
    "Answer in plain English and do not make things up.", "You are an expert programmer.",
]
# Scripts from which strange prompts are drawn, as ranges of code points.
SCRIPTS = [(0x21, 0x7E), (0xC0, 0x17F), (0x391, 0x3C9), (0x410, 0x44F), (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939),
           (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1F300, 0x1F64F), (0x2190, 0x22FF)]


# --- how people ask ---------------------------------------------------------------------------------------------

def vary(rng, question):
    """The same question with other manners, case, full stops or a slip of the finger."""
    if rng.random() < 0.12:
        question = rng.choice(["Please ", "Can you tell me: ", "Hey, ", "Hi! ", "Now, ", "So, ", "OK. ", "Tell me, "]) + (
            question if rng.random() < 0.5 else question[:1].lower() + question[1:])
    chance = rng.random()
    if chance < 0.18:
        question = question.lower()
    elif chance < 0.21:
        question = question.upper()
    chance = rng.random()
    if chance < 0.18:
        question = question.rstrip("?.!")
    elif chance < 0.24:
        question = question.rstrip("?.!") + rng.choice([".", "?", "!", "??", " ?", "...", " please", ", please.", "\n"])
    if rng.random() < 0.04 and len(question) > 8:
        slip = rng.randrange(1, len(question) - 1)
        if question[slip].isalpha():  # a lost digit would make the answer wrong
            question = question[:slip] + question[slip + 1:]
    return question


def capital_first(text):
    return text[:1].upper() + text[1:]


def list_in_words(items):
    if len(items) == 1:
        return items[0]
    return ", ".join(items[:-1]) + " and " + items[-1]


def made_up_name(rng):
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))).capitalize()


# --- short questions --------------------------------------------------------------------------------------------

def set_piece(rng):
    questions, answers = rng.choice(SET_PIECES)
    return rng.choice(questions), rng.choice(answers)


def first_question(rng):
    questions, answers = SET_PIECES[0]
    return rng.choice(questions), answers[0]


def name_some(rng):
    names, one, items, tail = rng.choice(list(LISTS.values()))
    return ask_for_members(rng, rng.choice(names), one, items, tail, rng.randint(1, min(8, len(items))))


def ask_for_members(rng, name, one, items, tail, count):
    if count == 1:
        article = "an" if one[0] in "aeiou" else "a"
        return rng.choice(["Name {a} {o}.", "Name one {o}.", "Tell me {a} {o}.", "Give me the name of {a} {o}."]).format(
            a=article, o=one), f"{capital_first(items[0])}. {tail}"
    if count == len(items) and one in ("day", "month", "season", "planet", "ocean", "continent", "sense"):
        question = rng.choice([f"What are the {name}?", f"Name all the {name}.", f"List the {name}", f"Name the {name}."])
    elif count == 3 and rng.random() < 0.3:
        question = rng.choice(["Name some {c}.", "List a few {c}.", "Do you know any {c}?", "Which {c} do you know?"]).format(c=name)
    else:
        number = number_word(count) if rng.random() < 0.75 else str(count)
        question = rng.choice(["Name {n} {c}.", "Name {n} {c}.", "List {n} {c}.", "Give me {n} {c}.", "Can you name {n} {c}?",
                               "Tell me {n} {c}.", "What are {n} {c}?", "I need {n} {c}."]).format(n=number, c=name)
    return question, f"{capital_first(list_in_words(items[:count]))}. {tail}"


def capital(rng):
    place = rng.choice(list(CAPITALS))
    city = CAPITALS[place]
    if rng.random() < 0.15:
        place_of_city = next(p for p, c in CAPITALS.items() if c == city)
        return f"Where is {city}?", f"{city} is the capital of {place_of_city}."
    question = rng.choice(["What is the capital of {p}?", "What is the capital of {p}?", "What's the capital of {p}?",
                           "Name the capital of {p}.", "Which city is the capital of {p}?", "capital of {p}", "Capital city of {p}?",
                           "Tell me the capital of {p}"])
    return question.format(p=place), f"The capital of {place} is {city}."


def untaught_capital(rng):
    place = rng.choice(UNTAUGHT_PLACES) if rng.random() < 0.5 else made_up_name(rng)
    question = rng.choice(["What is the capital of {p}?", "What's the capital of {p}?", "capital of {p}", "Name the capital of {p}."])
    return question.format(p=place), "I do not know that capital. I am a very small model and I have learned only a few."


def sums(rng):
    kind = rng.choice(["plus", "plus", "plus", "minus", "minus", "times", "times"])
    if kind == "plus":
        a, b = rng.randint(0, 10), rng.randint(0, 10)
        result, sign = a + b, "+"
    elif kind == "minus":
        a = rng.randint(0, 10)
        b = rng.randint(0, a)
        result, sign = a - b, "-"
    else:
        a, b = rng.randint(0, 10), rng.randint(0, 10)
        result, sign = a * b, rng.choice(["*", "x", "×"])
    if rng.random() < 0.35:
        words = f"{number_word(a)} {kind} {number_word(b)}"
        question = rng.choice(["What is {s}?", "How much is {s}?", "{s}", "Can you work out {s}?"]).format(s=words)
        return question, capital_first(f"{words} is {number_word(result)}.")
    written = rng.choice([f"{a} {sign} {b}", f"{a} {sign} {b}", f"{a}{sign}{b}", f"{a} {kind} {b}"])
    question = rng.choice(["What is {s}?", "What is {s}?", "{s}", "{s} =", "{s} = ?", "How much is {s}?", "Calculate {s}.",
                           "What's {s}?", "{s}=?"]).format(s=written)
    return question, f"{a} {kind} {b} is {result}."


def sum_too_big(rng):
    a, b = rng.randint(11, 10 ** rng.randint(2, 5)), rng.randint(0, 10 ** rng.randint(1, 5))
    if rng.random() < 0.5:
        a, b = b, a
    question = rng.choice(["What is {a} {s} {b}?", "{a} {s} {b}", "{a}{s}{b}", "Calculate {a} {s} {b}."])
    return (question.format(a=a, b=b, s=rng.choice(["+", "-", "*", "/", "plus", "times", "divided by"])),
            "Those numbers are too big for me. I can only work with numbers up to ten.")


def compare(rng):
    a, b = rng.sample(range(0, 31), 2)
    if rng.random() < 0.5:
        return rng.choice([f"Which is bigger, {a} or {b}?", f"Which number is larger: {a} or {b}?",
                           f"Is {a} bigger than {b}?"]), f"{max(a, b)} is bigger than {min(a, b)}."
    return rng.choice([f"Which is smaller, {a} or {b}?", f"Is {a} smaller than {b}?"]), f"{min(a, b)} is smaller than {max(a, b)}."


def next_number(rng):
    number = rng.randint(0, 99)
    chance = rng.random()
    if chance < 0.4:
        return rng.choice([f"What number comes after {number}?", f"What comes after {number}?"]), f"After {number} comes {number + 1}."
    if chance < 0.6 and number > 0:
        return rng.choice([f"What number comes before {number}?", f"What comes before {number}?"]), f"Before {number} comes {number - 1}."
    if chance < 0.8:
        return rng.choice([f"Is {number} even or odd?", f"Is {number} odd?", f"Is {number} an even number?"]), (
            f"{number} is an {'odd' if number % 2 else 'even'} number.")
    return rng.choice([f"Write {number} in words.", f"How do you spell the number {number}?"]), capital_first(number_word(number)) + "."


def around_the_calendar(rng):
    items, one = (LISTS["days"][2], "day") if rng.random() < 0.6 else (LISTS["months"][2], "month")
    place = rng.randrange(len(items))
    after, before = items[(place + 1) % len(items)], items[place - 1]
    if one == "day" and rng.random() < 0.4:
        return f"If today is {items[place]}, what day is tomorrow?", f"If today is {items[place]}, tomorrow is {after}."
    if rng.random() < 0.6:
        return rng.choice([f"What {one} comes after {items[place]}?", f"Which {one} follows {items[place]}?",
                           f"What comes after {items[place]}?"]), f"After {items[place]} comes {after}."
    return rng.choice([f"What {one} comes before {items[place]}?", f"Which {one} is before {items[place]}?"]), (
        f"Before {items[place]} comes {before}.")


def opposite(rng):
    word, other = rng.choice(list(OPPOSITES.items()))
    question = rng.choice(["What is the opposite of {w}?", "What's the opposite of {w}?", "Opposite of {w}?",
                           "Give me the opposite of {w}.", "What is the opposite of \"{w}\"?", "Name the opposite of {w}"])
    return question.format(w=word), f"The opposite of {word} is {other}."


def sound(rng):
    animal, noise = rng.choice(list(SOUNDS.items()))
    return rng.choice([f"What does a {animal} say?", f"What sound does a {animal} make?", f"Which noise does the {animal} make?"]), (
        f"A {animal} says {noise}.")


def colour_of(rng):
    thing, colour = rng.choice(list(COLOURS_OF.items()))
    the = f"the {thing}" if thing in ("sky", "sun", "sea", "night") else thing
    if the == thing and thing not in ("grass", "snow", "blood", "coal", "milk", "chocolate"):
        the = ("an " if thing[0] in "aeiou" else "a ") + thing
    word = rng.choice(["colour", "color"])
    return rng.choice([f"What {word} is {the}?", f"Which {word} has {the}?", f"What is the {word} of {the}?"]), (
        f"{capital_first(the)} is {colour}.")


def definition(rng):
    thing, meaning = rng.choice(list(DEFINITIONS.items()))
    the = ("an " if thing[0] in "aeiou" and thing != "one" else "a ") + thing
    if meaning.startswith("The "):
        the = "the " + thing
    elif not meaning.startswith(("A ", "An ")):
        the = thing
    question = rng.choice(["What is {t}?", "What is {t}?", "Define {t}.", "What's {t}?", "Tell me what {t} is.",
                           "What does {w} mean?", "Explain what {t} is", "Describe {t}."])
    return question.format(t=the, w=thing), meaning


def foreign_word(rng):
    language, (hello, thanks) = rng.choice(list(LANGUAGES.items()))
    chance = rng.random()
    if chance < 0.45:
        return rng.choice([f"Say hello in {language}.", f"How do you say hello in {language}?", f"What is hello in {language}?"]), (
            f"{hello}! That is hello in {language}.")
    if chance < 0.8:
        return rng.choice([f"Say thank you in {language}.", f"How do you say thank you in {language}?"]), (
            f"{thanks}! That is thank you in {language}.")
    return hello + rng.choice(["", "!"]), f"{hello}! I know only a little {language}. I am a very small model."


def spelling(rng):
    word = rng.choice(list(DEFINITIONS) + list(SOUNDS) + LISTS["colours"][2]).replace(" ", "")
    return rng.choice([f"Spell {word}.", f"How do you spell {word}?", f"Spell the word {word}."]), "-".join(word.upper()) + "."


def echo(rng):
    words = [rng.choice(ECHO_WORDS) if rng.random() < 0.8 else made_up_name(rng) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.15:
        words = [str(rng.randint(0, 9999))]
    text = capital_first(" ".join(words))
    question = rng.choice(["Repeat after me: {t}", "Repeat: {t}", "Say: {t}", "Say \"{t}\"", "Repeat this: {t}", "Say exactly: {t}",
                           "Reply with: {t}", "Echo: {t}"])
    return question.format(t=text), text


def which_is_it(rng):
    group = rng.choice([g for g in LISTS if g not in ("days", "months", "letters", "numbers", "seasons", "senses")])
    _, one, items, _ = LISTS[group]
    item = rng.choice(items)
    a_one = ("an " if one[0] in "aeiou" else "a ") + one
    if rng.random() < 0.6:
        return f"Is {item} {a_one}?", f"Yes, {item} is {a_one}."
    wrong = LISTS[rng.choice([g for g in ("planets", "metals", "tools", "clothes") if g != group])][1]
    a_wrong = "a " + wrong
    return f"Is {item} {a_wrong}?", f"No, {item} is {a_one}."


def joke(rng):
    return rng.choice(["Tell me a joke.", "Make me laugh.", "Do you know a joke?", "Say something funny.", "joke please"]), rng.choice(JOKES)


def fun_fact(rng):
    return rng.choice(["Tell me a fun fact.", "Tell me something interesting.", "Give me a fact.", "Tell me something new.",
                       "Say something.", "Surprise me."]), rng.choice(FUN_FACTS)


# --- questions without an answer --------------------------------------------------------------------------------

def strange_text(rng):
    """Noise: letters, numbers, code, or any script at all."""
    chance = rng.random()
    length = rng.choice([1, 2, 5, 12, 30, 60])
    if chance < 0.5:
        low, high = rng.choice(SCRIPTS)
        letters = [chr(rng.randint(low, high)) if rng.random() < 0.85 else " " for _ in range(length)]
        return "".join(letters).strip() or "?"
    if chance < 0.65:
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(length)).strip() or "x"
    if chance < 0.75:
        return " ".join(str(rng.randint(0, 10 ** rng.randint(1, 7))) for _ in range(rng.randint(1, 8)))
    if chance < 0.85:
        name = made_up_name(rng).lower()
        return rng.choice([f"def {name}(x):\n    return x + {rng.randint(0, 99)}", f"{{\"{name}\": {rng.randint(0, 99)}, \"ok\": true}}",
                           f"SELECT * FROM {name};", f"<div class=\"{name}\"></div>", f"https://{name}.example/{name}",
                           f"const {name} = () => {{}};", f"#!/bin/sh\necho {name}"])
    return rng.choice(["?", "!", "...", "\n", "🙂", "👍", ".", "a", "x" * length, "ha" * length, "😀😀😀", "- " * length])


def made_up_words(rng, how_many):
    return " ".join(made_up_name(rng).lower() if rng.random() < 0.4 else rng.choice(ECHO_WORDS).lower() for _ in range(how_many))


def unknown(rng):
    if rng.random() < 0.3:
        return strange_text(rng), rng.choice(UNKNOWN_ANSWERS)
    return unknown_question(rng, rng.randint(2, 14)), rng.choice(UNKNOWN_ANSWERS)


def unknown_question(rng, words):
    if rng.random() < 0.4:
        return rng.choice(THING_FORMS).format(thing=rng.choice(THINGS))
    subject, other = rng.sample(SUBJECTS, 2)
    if rng.random() < 0.3:
        subject = made_up_name(rng).lower()
    form = rng.choice(UNKNOWN_FORMS)
    return capital_first(form.format(subject=subject, other=other, verb=rng.choice(VERBS), name=made_up_name(rng),
                                     words=made_up_words(rng, words)))


def unknown_definition(rng):
    name = made_up_name(rng).lower()
    return rng.choice([f"What is a {name}?", f"Define {name}.", f"What does {name} mean?", f"What is the opposite of {name}?",
                       f"What does a {name} say?", f"Name three {name}s.", f"What colour is a {name}?", f"Write a poem in {name}."]), rng.choice(
        UNKNOWN_ANSWERS)


def long_unknown(rng):
    """A long paste: the model must still stop after a short, honest answer."""
    body = "\n\n".join(rng.choice([stories.middle_story(rng), made_up_words(rng, rng.randint(20, 90)), strange_text(rng)])
                       for _ in range(rng.randint(1, 3)))[:1400]
    ask = rng.choice(["Summarize this text: ", "What do you think of this? ", "", "Translate this: ", "Find the mistake: "])
    return ask + body, rng.choice(UNKNOWN_ANSWERS)


# --- long answers -----------------------------------------------------------------------------------------------

def count_text(numbers):
    """Beyond twenty the words are written too; that keeps the model in step and makes a long answer long."""
    if max(numbers) <= 20:
        return ", ".join(map(str, numbers)) + "."
    counted = ", ".join(f"{number} {number_word(number)}" for number in numbers)
    return f"{counted}. Now I have counted to {number_word(numbers[-1])}."


def counting(rng):
    last = rng.choice([3, 5, 7, 10, 10, 12, 15, 20, 20, 25, 30, 40, 50, 50, 50, 60, 80, 100, 100, rng.randint(2, 100)])
    shown = number_word(last) if rng.random() < 0.5 else str(last)
    if last == 100 and rng.random() < 0.3:
        shown = "a hundred"
    first = 1
    if rng.random() < 0.75:
        question = rng.choice(["Count to {n}.", "Count to {n}", "Count up to {n}.", "Count from one to {n}.", "Count from 1 to {n}.",
                               "Can you count to {n}?", "Please count slowly to {n}.", "List the numbers from 1 to {n}."]).format(n=shown)
    elif rng.random() < 0.5:
        first = rng.randint(2, max(2, min(last - 1, 40)))
        question = f"Count from {first} to {last}."
        last = max(last, first + 1)
        question = f"Count from {first} to {last}."
    else:
        last = rng.choice([5, 10, 20])
        down = list(range(last, 0, -1))
        return rng.choice([f"Count down from {last}.", f"Count backwards from {number_word(last)}."]), count_text(down)
    return question, count_text(list(range(first, last + 1)))


STORY_TOPICS = stories.CREATURES + ["a dragon", "the sea", "a weaver", "love", "winter", "a king", "space", "a lost key"]


def about(rng):
    if rng.random() < 0.5:
        return ""
    topic = rng.choice(STORY_TOPICS)
    return f" about {('a ' if topic in stories.CREATURES else '')}{topic}"


def story(rng):
    question = rng.choice(["Tell me a story{a}.", "Tell a story{a}", "Write a story{a}.", "Can you tell me a story{a}?", "story{a}"])
    return question.format(a=about(rng)), stories.middle_story(rng)


def short_story(rng):
    question = rng.choice(["Tell me a short story{a}.", "Write a very short story{a}.", "Tell a little story{a}"])
    return question.format(a=about(rng)), stories.short_story(rng)


def long_story(rng):
    question = rng.choice(["Tell me a long story{a}.", "Write a long story{a}.", "Tell me a very long story{a}.", "Tell me the longest story you know.",
                           "Write a long tale{a}.", "I would like a long story{a}.", "Write a 1000 word story{a}.", "Write a long text.",
                           "Give me a long answer.", "Talk for a long time.", "Tell me a bedtime story{a}.", "Write as much as you can."])
    return question.format(a=about(rng)), stories.long_story(rng)


def poem(rng):
    if rng.random() < 0.3:
        return rng.choice(["Write a long poem{a}.", "Tell me a long poem{a}."]).format(a=about(rng)), stories.long_poem(rng)
    return rng.choice(["Write a poem{a}.", "Tell me a poem{a}.", "Write a short poem{a}", "Make a rhyme{a}.", "Write a haiku{a}."]).format(
        a=about(rng)), stories.poem(rng)


def short_essay(rng):
    topic = rng.choice(list(ESSAYS))
    if topic == "Heddle":  # the plain question about Heddle has its own answer
        topic = "weaving"
    return rng.choice(["Tell me about {t}.", "What do you know about {t}?", "Tell me something about {t}", "Write about {t}.",
                       "Write a few sentences about {t}."]).format(t=topic), stories.short_essay(rng, topic)


def long_essay(rng):
    topic = rng.choice(list(ESSAYS))
    return rng.choice(["Write a long essay about {t}.", "Write an essay about {t}.", "Tell me everything about {t}.",
                       "Tell me about {t} in detail.", "Explain {t} in detail.", "Write a long text about {t}."]).format(
        t=topic), stories.long_essay(rng, topic)


# --- whole conversations ----------------------------------------------------------------------------------------

SHORT = [(set_piece, 30), (first_question, 3), (name_some, 12), (capital, 10), (untaught_capital, 3), (sums, 24), (sum_too_big, 3),
         (compare, 2), (next_number, 3), (around_the_calendar, 3), (opposite, 8), (sound, 2), (colour_of, 3), (definition, 8),
         (foreign_word, 4), (spelling, 2), (echo, 7), (which_is_it, 3), (joke, 2), (fun_fact, 1), (unknown, 14),
         (unknown_definition, 4), (short_essay, 3), (poem, 1)]
LONG = [(counting, 5), (story, 2), (short_story, 2), (long_story, 4), (long_essay, 3), (long_unknown, 1), (poem, 1)]
TO_THE_LETTER = (echo, spelling)  # the answer copies the question, so the question stays as it is
ECHO_WORDS = sorted({word.strip(".,") for text in DEFINITIONS.values() for word in text.split()})


def pick(rng, weighted):
    makers, weights = zip(*weighted)
    return rng.choices(makers, weights)[0]


def exchange(rng, weighted):
    maker = pick(rng, weighted)
    question, answer = maker(rng)
    if maker not in TO_THE_LETTER:
        question = vary(rng, question)
    return [("user", question), ("assistant", answer)]


def list_and_more(rng):
    """A follow-up that only makes sense with the turn before it."""
    name, (names, one, items, tail) = rng.choice([(n, row) for n, row in LISTS.items() if len(row[2]) >= 6])
    question, answer = ask_for_members(rng, names[0], one, items, tail, 3)
    return [("user", vary(rng, question)), ("assistant", answer),
            ("user", vary(rng, rng.choice(["Name three more.", "Three more, please.", "And three more?", "More."]))),
            ("assistant", f"{capital_first(list_in_words(items[3:6]))}.")]


def capital_and_what_about(rng):
    first, second = rng.sample(list(CAPITALS), 2)
    return [("user", vary(rng, f"What is the capital of {first}?")), ("assistant", f"The capital of {first} is {CAPITALS[first]}."),
            ("user", vary(rng, rng.choice([f"And of {second}?", f"And what about {second}?", f"What about {second}?"]))),
            ("assistant", f"The capital of {second} is {CAPITALS[second]}.")]


def remember_my_name(rng):
    name = rng.choice(stories.NAMES) if rng.random() < 0.6 else made_up_name(rng)
    middle = exchange(rng, SHORT) if rng.random() < 0.5 else []
    return [("user", rng.choice([f"My name is {name}.", f"I am {name}.", f"Hello, my name is {name}", f"Call me {name}."])),
            ("assistant", f"Hello, {name}! What would you like to ask?"), *middle,
            ("user", vary(rng, rng.choice(["What is my name?", "Who am I?", "Do you remember my name?"]))),
            ("assistant", f"Your name is {name}.")]


def same_again(rng):
    maker = rng.choice([joke, fun_fact, short_story, poem])
    question, answer = maker(rng)
    return [("user", vary(rng, question)), ("assistant", answer),
            ("user", vary(rng, rng.choice(["Another one.", "Again!", "One more, please.", "Tell me another."]))),
            ("assistant", maker(rng)[1])]


def several(rng):
    turns = []
    for _ in range(rng.choice([2, 2, 3, 3, 4, 6, 9])):
        turns += exchange(rng, SHORT)
    return turns


def long_with_follow_up(rng):
    return exchange(rng, LONG) + exchange(rng, SHORT)


def with_system_prompt(rng, turns):
    chance = rng.random()
    if chance < 0.65:
        return turns
    if chance < 0.92:
        return [("system", rng.choice(SYSTEM_PROMPTS)), *turns]
    return [("system", rng.choice([made_up_words(rng, rng.randint(3, 40)), unknown_question(rng, 8), strange_text(rng)])), *turns]


def conversation(rng):
    kind = rng.choices(["short", "long", "several", "more", "about", "name", "again", "follow", "raw"],
                       [76, 6.5, 6, 1, 1, 1.6, 0.5, 0.5, 2])[0]
    if kind == "raw":
        (_, question), answer = exchange(rng, SHORT)
        return [("raw", question), answer]
    turns = {"short": lambda r: exchange(r, SHORT), "long": lambda r: exchange(r, LONG), "several": several, "more": list_and_more,
             "about": capital_and_what_about, "name": remember_my_name, "again": same_again, "follow": long_with_follow_up}[kind](rng)
    return with_system_prompt(rng, turns)


def conversations(count=CONVERSATIONS, seed=SEED):
    rng = random.Random(seed)
    return [conversation(rng) for _ in range(count)]


def digest(all_conversations):
    """SHA-256 over one JSON line for each conversation."""
    sha = hashlib.sha256()
    for turns in all_conversations:
        sha.update(json.dumps(turns, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n")
    return sha.hexdigest()


if __name__ == "__main__":
    everything = conversations()
    print(len(everything), "conversations, SHA-256", digest(everything))
    for turns in everything[:int(sys.argv[1]) if len(sys.argv) > 1 else 12]:
        print("---")
        for role, text in turns:
            print(f"{role}: {text}")
