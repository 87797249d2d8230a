"""What can be downloaded: tables, a data package, NIST SP 1500-100 reports, a folder for ``haq check``."""

from haq.bulletin.downloads.delivery import write_downloads
from haq.bulletin.downloads.last import Last

__all__ = ["Last", "write_downloads"]
