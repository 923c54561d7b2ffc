"""Populations: many requests in one table, and generated ones for tests, demonstrations and load."""

from imrpolicy.population.api import generate, generate_table, services_for
from imrpolicy.population.model import Profile
from imrpolicy.population.reader import bundled_profile, known_profiles, read_profile

__all__ = [
    "Profile",
    "bundled_profile",
    "generate",
    "generate_table",
    "known_profiles",
    "read_profile",
    "services_for",
]
