"""A live account through AWS's APIs: an account and region is one input, and ends at a ``Reading`` as files do.

The way of an answer: a *collector* asks through its ``Scene``; the client (``client``) waits for a token
(``pace``), calls, and answers ``Present``, ``Absent`` or ``Unread`` (``answer``); a ``Document`` makes values
with places of what is present; ``Resource(dialect="api")`` goes to ``read/build``, which reads it by the column
``api`` of ``model/names``. Nobody but ``client`` catches anything of botocore's.

To add a collector:

1. Write ``collect/<name>.py`` with ``CALLS`` (a ``Call`` for each operation it makes: its quota, what it tells,
   the member that it lists, the errors that mean that there is none) and ``collect(scene)``.
2. Name it in ``collectors.COLLECTORS``; in ``AFTER`` as well if it looks into ``scene.found``.
3. Ask in bulk first: ``scene.listing(CALL, about, **parameters)`` gives all pages, ``scene.ask`` one answer,
   and ``scene.each(things, ask)`` asks of many things at once. A thing is *about* its ARN, which is also the
   address of its resource; what has none of its own has the ARN of what it belongs to, a ``#`` and what it is.
4. Make resources: ``document = scene.document(CALL, arn, data)``, then ``scene.resource(TYPE, arn, document,
   Extra=document.said(...))``. ``TYPE`` is a row's ``api`` in ``model/names``; where a row's path is empty,
   write the name that the answer has, or that the collector gives it. Hide what owners write freely.
5. What was not answered is never left out and never a default: ``scene.unread(TYPE, arn, why, Known=...)`` is a
   resource all of whose attributes are unknown, and ``why.value()`` an attribute that is. The gap in the report
   is made from the ``Unread`` itself.
6. Give the collector a line in ``stockade.consults``: the controls whose answers depend on it. A scan of
   chosen controls runs what they need, and a gap names what it leaves undecided.
7. ``make docs`` writes the policy of ``docs/live.md`` from all ``CALLS``.

Answers that relate by an ARN or a name need no reference: ``World`` relates equal texts, within a region.
"""
