"""Real files, damaged in the ways files get damaged: by transfer, by editors, by programs, and on purpose. Every mutant is made again by its seed."""

import random

TEXTS = (
    b"\0" * 9,
    b"\xff\xfe",
    b'"',
    b'""',
    b"\r",
    b"\n\n",
    b";",
    b",",
    b"1e999999999",
    b"-" * 40,
    b"NaN",
    b"inf",
    b"=1+1",
    b"\xef\xbb\xbf",
    b"9" * 400,
    b"\xf0\x9f\x94\x8b",
    b"\x1a",
    b"2026-03-29 02:30:00",
    b"9999-12-31",
)


def flipped(data, chance):
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data, chance):
    return data[: chance.randrange(1, len(data))]


def beheaded(data, chance):
    return data[chance.randrange(len(data)) :]


def holed(data, chance):
    first = chance.randrange(len(data))
    last = min(len(data), first + chance.choice((1, 512, 4096)))
    data[first:last] = bytes(last - first) if chance.random() < 0.5 else b""
    return data


def doubled(data, chance):
    first = chance.randrange(len(data))
    piece = data[first : first + chance.choice((1, 60, 5000))]
    return data[:first] + piece * chance.randint(2, 5) + data[first:]


def shuffled(data, chance):
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def peppered(data, chance):
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(data))
        data[place : place + chance.choice((0, 1, 8))] = chance.choice(TEXTS)
    return data


def crossed(data, chance):
    """Two halves that do not belong together."""
    return data[chance.randrange(len(data)) :] + data[: chance.randrange(len(data))]


KINDS = (flipped, cut, beheaded, holed, doubled, shuffled, peppered, crossed)


def mutant(data: bytes, seed: int) -> bytes:
    """The same file, damaged once to three times."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        made = bytearray(chance.choice(KINDS)(made, chance)) or bytearray(b"\n")
    return bytes(made)
