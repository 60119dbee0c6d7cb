"""What is written against what is there: two worlds compared, function by function, in the model's words.

    drift/table      which attributes matter, and for which controls
    drift/same       whether two values are the same, three-valued
    drift/sides      a world as one side of it, and which functions are the same one
    drift/access     who may do what, by the policy engine
    drift/compare    all of it together

Either side may be of files or of a live account: a world is a world.
"""
