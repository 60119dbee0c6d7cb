"""Fixes of what runs, written as commands of the AWS CLI and as Terraform that takes the resource over.

Nothing here is ever executed. ``said`` puts the values of a fix into texts that AWS knows, ``commands`` makes
its changes in memory, and each family of resources (``functions``, ``identity``, ``watching``, ``apis``) says
what differs afterwards as ``Command`` objects, which ``shell`` quotes. ``terraform`` says the same as blocks of
Terraform, ``proved`` holds all of them together to what the controls say afterwards.
"""
