"""The ledger: an append-only Merkle log of what happened, and proofs that verify offline."""
