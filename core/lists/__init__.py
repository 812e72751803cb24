"""Every list of the portal from one declaration each: what may be shown, asked, ordered, chosen, exported and printed.

``columns`` and ``listing`` are the declaration, ``asked`` reads an address, ``table`` is what the page shows,
``chosen`` which rows somebody means. How a list is declared stands in docs/lists.md.
"""
