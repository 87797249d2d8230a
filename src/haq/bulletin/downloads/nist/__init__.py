"""The declared results in the common data format of NIST SP 1500-100, version 2."""

from haq.bulletin.downloads.nist.report import Reports, nist_reports

__all__ = ["Reports", "nist_reports"]
