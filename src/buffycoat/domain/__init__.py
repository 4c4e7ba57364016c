"""What things are: frozen values, standard library only.

The same value is what a room takes and gives, what a row of the store holds, what the service sends, and what the
types of the front end are generated from.
"""
