"""Little stories, poems and essays from a grammar.

Long answers need an end that a small model can find by itself. A long story
therefore runs from Monday to Friday, one paragraph a day, and then stops.
"""
from facts import ESSAYS

NAMES = """Anna Ben Clara David Ella Finn Grace Hugo Iris Jack Kate Leo Mia Noah Olive Peter Rosa Sam Tess Tom
Lucy Max Nora Oscar Ruby Simon Emma Lily Henry Alice""".split()
CREATURES = ["fox", "rabbit", "bear", "mouse", "owl", "cat", "dog", "horse", "duck", "frog", "goat", "bee"]
KINDS = ["little", "old", "brave", "quiet", "clever", "young", "kind", "sleepy"]
HOMES = ["by the sea", "near a dark forest", "on a green hill", "beside a wide river", "at the edge of a village",
         "under an old oak tree", "behind a stone mill", "in a small town"]
TREASURES = ["a golden key", "a silver bell", "a red lantern", "a blue stone", "a lost song", "a warm coat",
             "a book of maps", "a jar of honey", "a magic needle", "a white feather"]
REASONS = ["because winter was near", "because the village needed it", "for the old weaver on the hill",
           "because of a dream", "for a friend who was ill", "because nobody else dared to look"]
PLACES = ["the forest", "the market", "the mountain", "the river", "the old mill", "the harbour", "the cave",
          "the meadow", "the castle", "the lighthouse", "the bridge", "the weaver's house"]
WEATHER = ["The sun was shining", "Rain was falling", "The wind was strong", "Snow lay on the ground",
           "A thick mist hid the path", "The sky was clear and blue", "Dark clouds hung low"]
HELPERS = ["an old woman", "a tired miller", "a merry sailor", "a small child", "a shepherd", "a tall guard",
           "a grey owl", "a talking crow", "a shy weaver", "a baker"]
GIFTS = ["a piece of bread", "a cup of tea", "a ball of thread", "a wooden spoon", "a round stone", "a bag of nuts",
         "a small mirror", "a warm scarf"]
TROUBLES = ["the bridge was broken", "the door was locked", "the path was lost", "a great dog blocked the way",
            "the boat had a hole", "it was too dark to see", "the water was too deep", "the hill was too steep"]
ANSWERS = ["tied a strong rope", "lit a small fire", "asked the birds for help", "sang a quiet song",
           "waited until it was safe", "built a raft of branches", "drew a map in the sand", "found another way"]
FEELINGS = ["glad", "tired", "proud", "hungry", "hopeful", "calm", "a little afraid", "full of joy"]
RESTS = ["slept under the stars", "slept in a barn", "rested beside the fire", "lay down in the soft grass",
         "slept in a warm bed", "sat and watched the moon"]
LESSONS = ["a kind word opens many doors", "small steps go a long way", "it is wise to ask for help",
           "good friends are worth more than gold", "patience finds the way", "a promise should be kept"]
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()


class Cast:
    """Who the story is about and what they want; fixed for one story."""

    def __init__(self, rng):
        self.name = rng.choice(NAMES)
        self.creature = rng.choice(CREATURES)
        self.kind = rng.choice(KINDS)
        self.treasure = rng.choice(TREASURES)
        self.plain_treasure = self.treasure.split(" ", 1)[1]


def with_article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


def opening(rng, cast):
    return (f"Once upon a time there was {with_article(cast.kind)} {cast.creature} called {cast.name}, who lived "
            f"{rng.choice(HOMES)}. {cast.name} wanted to find {cast.treasure} {rng.choice(REASONS)}.")


def meeting(rng, cast):
    return (f"There {cast.name} met {rng.choice(HELPERS)}, who said: \"I have not seen the {cast.plain_treasure}, "
            f"but take {rng.choice(GIFTS)}.\" {cast.name} said thank you and felt {rng.choice(FEELINGS)}.")


def trouble(rng, cast):
    return (f"But {rng.choice(TROUBLES)}. So {cast.name} {rng.choice(ANSWERS)}, and after a while all was well again. "
            f"The {cast.creature} felt {rng.choice(FEELINGS)}.")


def episode(rng, cast, place):
    happening = rng.choice([meeting, trouble])(rng, cast)
    return f"{cast.name} went to {place}. {rng.choice(WEATHER)}. {happening}"


def ending(rng, cast):
    return (f"At last {cast.name} found {cast.treasure} and took it home. Everyone was happy, and the {cast.creature} "
            f"had learned that {rng.choice(LESSONS)}. The end.")


def short_story(rng):
    cast = Cast(rng)
    return f"{opening(rng, cast)} One day {episode(rng, cast, rng.choice(PLACES))} {ending(rng, cast)}"


def middle_story(rng):
    cast = Cast(rng)
    first, second = rng.sample(PLACES, 2)
    return "\n\n".join([opening(rng, cast), f"First {episode(rng, cast, first)}", f"Then {episode(rng, cast, second)}",
                        ending(rng, cast)])


def long_story(rng):
    cast = Cast(rng)
    paragraphs = [opening(rng, cast) + " The journey took five days."]
    for day, place in zip(DAYS, rng.sample(PLACES, len(DAYS))):
        night = "" if day == DAYS[-1] else f" That night {cast.name} {rng.choice(RESTS)}."
        paragraphs.append(f"On {day} {episode(rng, cast, place)}{night}")
    paragraphs.append(ending(rng, cast))
    return "\n\n".join(paragraphs)


COUPLETS = [
    ("The sun goes down behind the hill,", "the birds are quiet, the air is still."),
    ("A little boat sails on the sea,", "and brings a letter home to me."),
    ("The snow lies white upon the ground,", "and falls again without a sound."),
    ("A thread goes over, a thread goes through,", "and makes a cloth of red and blue."),
    ("The wind is singing in the tree,", "it knows a song for you and me."),
    ("The stars come out, the day is done,", "we count them slowly, one by one."),
    ("The rain is tapping on the door,", "it fills the brook and asks for more."),
    ("The morning light is clear and bright,", "it folds away the quiet night."),
    ("A cat is sleeping in the sun,", "her hunting for the day is done."),
    ("The weaver works, the shuttle flies,", "and cloth grows long before our eyes."),
]


def poem(rng):
    return "\n".join(line for couplet in rng.sample(COUPLETS, 2) for line in couplet)


def long_poem(rng):
    """All couplets in their fixed order, from any start: a small model keeps its place best that way."""
    start = rng.randrange(len(COUPLETS))
    couplets = COUPLETS[start:] + COUPLETS[:start]
    verses = ["\n".join(couplets[i] + couplets[i + 1]) for i in range(0, len(couplets), 2)]
    return "\n\n".join(verses)


def short_essay(rng, topic):
    return " ".join(in_order(rng, ESSAYS[topic], 3))


def in_order(rng, sentences, how_many):
    """Some of the sentences, never shuffled, so that a small model does not say one twice."""
    chosen = sorted(rng.sample(range(len(sentences)), how_many))
    return [sentences[i] for i in chosen]


def long_essay(rng, topic):
    """Two paragraphs on the topic asked for, then a look at three others, then an end."""
    own = ESSAYS[topic]
    others = rng.sample([other for other in ESSAYS if other != topic], 3)
    paragraphs = [f"This is what I know about {topic}. " + " ".join(own[:4]), "There is more. " + " ".join(own[4:])]
    for link, other in zip(["It also makes me think of", "And that leads me to", "Last of all I think of"], others):
        paragraphs.append(f"{link} {other}. " + " ".join(in_order(rng, ESSAYS[other], 5)))
    paragraphs.append(f"That is all I can say about {topic}. For more, try the default model.")
    return "\n\n".join(paragraphs)
