"""C3: one box for people, organisations, companies, cases, announcements, pages and actions.

``groups`` is what an answer looks like, ``kinds`` asks for each kind of thing within the reader's reach, ``views``
shows it. The same answer fills the page and the overlay of Ctrl K. Why it is so stands in decisions/0020-search.md.
"""
