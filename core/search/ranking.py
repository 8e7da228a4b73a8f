"""What a document's place in the answer is made of, the same for every engine.

Every group of the question earns its share of POINTS: for being there at all, and more for standing
in what a document is about, or in its title. All that is how near a document is adds up to less
than one group's step, and the words' own weight to less than a step of nearness.
"""

# Text that says the very word stands before one that only says another for it (of Meilisearch's
# hits, which come without their bodies, as far as their commonest words tell).
AS_TYPED = 0.6
POINTS, IN_TITLE, BY_OTHER_WORD, IN_ABOUT, PER_STEP = 8_192.0, 1.5, 1.25, 0.5, 4.0
# What is no longer in force comes after everything that has as much of the question; but who asks
# for a document by its number wants that one, in force or not.
REPEALED, BY_NUMBER = -3 * POINTS, 8 * POINTS
