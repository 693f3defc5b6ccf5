"""Q5: which activations meet in one local response normalisation. Arithmetic on map numbers; no layer is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise


@dataclass(frozen=True)
class Neighbourhood:
    """The maps, numbered from 0, of which those up to `radius` away from `index` take part in the sum."""

    maps: int
    radius: int
    index: int

    @property
    def members(self) -> range:
        return range(max(0, self.index - self.radius), min(self.maps, self.index + self.radius + 1))


def neighbourhood(variant: Mapping[str, int]) -> Neighbourhood:
    """The neighbourhood for one variant's numbers."""
    return Neighbourhood(variant["maps"], variant["radius"], variant["index"])


normalisation = Exercise("q05_local_response_normalization", subject=neighbourhood)
q5a = normalisation.computes("q5a", unit="activations")


@q5a.answer
def members_of_the_sum(near: Neighbourhood) -> int:
    """The maps within the radius on both sides, as far as there are any, and the neuron's own."""
    return len(near.members)


@q5a.slip("That holds in the middle of the stack. Look at the map's number: are there so many before it?")
def overlooks_the_edge(near: Neighbourhood) -> int:
    return 2 * near.radius + 1


@q5a.slip("Those are its neighbours. Is the neuron itself in the sum?")
def forgets_itself(near: Neighbourhood) -> int:
    return len(near.members) - 1


@q5a.slip("Those are all the maps. How far does the radius let the neuron look?")
def takes_every_map(near: Neighbourhood) -> int:
    return near.maps


@q5a.slip("You drew a square around the neuron, in height and width. It is called a depth radius: which way is depth?")
def looks_around_in_its_own_map(near: Neighbourhood) -> int:
    return (2 * near.radius + 1) ** 2
