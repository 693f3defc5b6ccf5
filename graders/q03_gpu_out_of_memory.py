"""Q3: what a smaller batch saves in the feature maps of one layer, in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn

BITS_PER_BYTE = 8


@dataclass(frozen=True)
class Saving:
    """One layer's feature maps, and the batch before and after."""

    floats: int
    maps: int
    batch: int
    smaller: int

    @property
    def bytes_per_image(self) -> int:
        return self.floats * cnn.FLOAT32_BYTES

    @property
    def images(self) -> int:
        return self.batch - self.smaller


def saving(variant: Mapping[str, int]) -> Saving:
    """The layer and the two batches for one variant's numbers."""
    side, maps = variant["side"], variant["maps"]
    layer = cnn.Stack((side, side, 3), (cnn.Conv(maps),))
    return Saving(layer.layer_floats[0], maps, variant["batch"], variant["smaller"])


memory = Exercise("q03_gpu_out_of_memory", subject=saving)
q3a = memory.computes("q3a", unit="bytes")


@q3a.answer(below=0.01, above=0.01)  # nobody is asked for more than three digits of a memory size
def saved_bytes(saved: Saving) -> int:
    """The images that are no longer in the batch, times the bytes of their feature maps."""
    return saved.images * saved.bytes_per_image


@q3a.slip("That is what the maps still take afterwards. The question is what has become free.")
def counts_what_remains(saved: Saving) -> int:
    return saved.smaller * saved.bytes_per_image


@q3a.slip("That is what the maps took before. Some of it is still in use.")
def counts_all_before(saved: Saving) -> int:
    return saved.batch * saved.bytes_per_image


@q3a.slip("The layer and its maps are right, for a single image. How many images fewer are there?")
def counts_one_image(saved: Saving) -> int:
    return saved.bytes_per_image


@q3a.slip("That is how many numbers are saved. How many bytes does a 32-bit number take?", share=0.5)
def counts_floats(saved: Saving) -> int:
    return saved.images * saved.floats


@q3a.slip("You counted bits where you write bytes.", share=0.5)
def counts_bits(saved: Saving) -> int:
    return saved.images * saved.bytes_per_image * BITS_PER_BYTE


@q3a.slip("That would be numbers of 64 bits. How many bits do these have?")
def takes_eight_bytes(saved: Saving) -> int:
    return saved.images * saved.bytes_per_image * 2


@q3a.slip("That is one feature map of each image. How many does the layer put out?")
def forgets_the_maps(saved: Saving) -> int:
    return saved.images * saved.bytes_per_image // saved.maps
