"""Votes to seats, exact: read ``allocate`` first.

``haq.seats.batch`` is its twin for many results at once; Numba is slow to load, so it is not imported here.
"""

from haq.seats.allocate import allocate
from haq.seats.allocation import Allocation, LastSeat, Tie
from haq.seats.both import allocate_both

__all__ = ["Allocation", "LastSeat", "Tie", "allocate", "allocate_both"]
