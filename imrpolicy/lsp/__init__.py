"""The language server: what an editor asks about policies, their tests and cases, while they are typed.

Everything but `server` is a function of text and a place in it, and knows nothing of the protocol.
"""
