# SPDX-License-Identifier: MIT
"""Exact arithmetic of statistics.json: three digits after the point, rounded half away from zero."""
from fractions import Fraction


class Decimal(str):
    """A number as it is printed, so that 1.5 and 1.500 are not the same."""


def decimal(numerator, denominator=1):
    """The quotient as it is printed; None where it would divide by zero."""
    if not denominator:
        return None
    value = Fraction(numerator) / Fraction(denominator)
    thousandths = int(abs(value) * 1000 + Fraction(1, 2))
    sign = "-" if value < 0 and thousandths else ""
    return Decimal(f"{sign}{thousandths // 1000}.{thousandths % 1000:03}")


def median(counts):
    """Of the values of a Counter {value: how often}, as a decimal."""
    total, seen, middle = sum(counts.values()), 0, []
    for value in sorted(counts):
        for position in ((total - 1) // 2, total // 2):
            if seen <= position < seen + counts[value]:
                middle.append(value)
        seen += counts[value]
    return decimal(sum(middle), len(middle))


def mean(counts):
    return decimal(sum(value * often for value, often in counts.items()), sum(counts.values()))


def shares_in_tenths(counts):
    """Percentages in tenths that add up to 100, by largest remainder."""
    total = sum(counts)
    if not total:
        return [decimal(0)] * len(counts)
    tenths = [1000 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: -(1000 * counts[i] % total))
    for i in by_remainder[:1000 - sum(tenths)]:
        tenths[i] += 1
    return [decimal(share, 10) for share in tenths]


def ranges(bounds):
    """[(from, below)] with None for the end of the last."""
    return list(zip(bounds, [*bounds[1:], None]))


def range_of(value, pairs):
    """Which of the ranges a value of at least the first bound is in."""
    return next(i for i, (_, below) in enumerate(pairs) if below is None or value < below)
