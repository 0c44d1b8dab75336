"""Plans which lamp is lit when, so that two neighbours are never dark together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lamp:
    name: str
    lit_from: int
    lit_until: int

    def is_lit(self, hour: int) -> bool:
        return self.lit_from <= hour < self.lit_until


def dark_pairs(lamps: list[Lamp], hours: range) -> list[tuple[int, str, str]]:
    """Every hour at which two neighbouring lamps are dark, with their names."""
    found = []
    for hour in hours:
        for left, right in zip(lamps, lamps[1:]):
            if not left.is_lit(hour) and not right.is_lit(hour):
                found.append((hour, left.name, right.name))
    return found


if __name__ == "__main__":
    lamps = [Lamp("north", 18, 23), Lamp("pier", 17, 22), Lamp("south", 20, 24)]
    for hour, left, right in dark_pairs(lamps, range(17, 24)):
        print(f"{hour}:00  {left} and {right} are dark")
