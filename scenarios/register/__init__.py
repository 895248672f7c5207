"""The register of empty places: today's vacancies, kept up by those who plan, with their history in the diary."""
