"""The declared results in the common data format of NIST SP 1500-100, version 2."""

from haq.bulletin.downloads.nist.results import results_of

__all__ = ["results_of"]
