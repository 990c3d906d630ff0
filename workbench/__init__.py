"""The BESS review workbench: does the displayed state of a battery match the physical asset?"""

__version__ = "0.1.0"
