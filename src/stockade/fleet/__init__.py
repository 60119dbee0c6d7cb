"""Many accounts and regions, or many repositories, read and decided by the workers of a Dask cluster.

fleet/tasks      what is read by itself, how it is asked, and what comes back of it
fleet/listed     whose accounts and repositories they are: an organisation, a file, a folder
fleet/work       what a worker does: the same reading and the same scan as on one machine
fleet/room       how many functions are under way in one process, which bounds its memory
fleet/lease      the pace of what all regions of an account share, kept across workers
fleet/drive      hands tasks out, a few ahead, and says what became of each
fleet/cluster    the workers: of this machine, or of a scheduler that is there already
fleet/journal    a run on the disk: what is done, piece by piece, and in the end a run of the store as any other
fleet/views      questions about a run in SQL, and what of it is told at the end

Only the command imports it, for Dask is an extra; only ``drive``, ``cluster`` and ``lease`` import Dask.
"""
