"""Everything of ``/api/v1/`` that resources share. How an app adds one stands in docs/api/writing-a-resource.md.

``resource``  a kind of things: reach, criteria, orders, shape      ``deeds``     doing something to one, or making one
``shapes``    how a thing is shown, and how little of it            ``answers``   what a deed is told: strict, typed
``paging``    limit, offset, start, count                           ``versions``  ETag, If-Match, If-None-Match
``reading``   the one parser of bodies and addresses                ``asking``    what an address may ask besides
``problems``  RFC 9457, of the ``kinds`` that have a page           ``wrapping``  what is raised, as a problem
``doors``     sign-in, scopes, throttle, what middlewares refuse    ``schema``    OpenAPI, from the same declarations
"""
