"""The coproduction lead's pages: rounds, ledger, invitations, call pad, coding, linking.
Views only; the rules live in the rooms.
"""
