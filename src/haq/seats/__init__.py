"""Votes to seats, exact: read ``allocate`` first. Other methods get a file each beside ``remainders``."""

from haq.seats.allocate import allocate
from haq.seats.allocation import Allocation, LastSeat, Tie
from haq.seats.both import allocate_both

__all__ = ["Allocation", "LastSeat", "Tie", "allocate", "allocate_both"]
