"""The published site: policies, facts and cases as pages, which are pure functions of the library."""
