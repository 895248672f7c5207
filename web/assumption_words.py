"""The words of the assumptions: what the figures of a plan rest on, of the whole city or of a project."""

from twin.feature import Words

ASSUMPTIONS = {
    "assumptions": Words("Annahmen", "Assumptions"),
    "assumptions-of-city": Words("Annahmen der Stadt", "The city's assumptions"),
    "assumptions-of-project": Words("Annahmen des Projekts", "The project's assumptions"),
    "assumptions-why": Words(
        "Worauf die Zahlen der Planung beruhen: Wohnungen, Menschen, Stellplätze, Kosten. Wird eine geändert, rechnen"
        " alle Zahlen sofort mit ihr.",
        "What the figures of planning rest on: dwellings, people, parking, costs. Where one is changed, all figures"
        " follow at once.",
    ),
    "assumptions-inherited": Words(
        "Was das Projekt nicht selbst festlegt, gilt wie in der Stadt.",
        "What the project does not set holds as in the city.",
    ),
    "assumption": Words("Annahme", "Assumption"),
    "assumption-value": Words("Wert", "Value"),
    "assumption-usual": Words("Vorgabe", "Default"),
    "assumption-source": Words("Quelle der Vorgabe", "Source of the default"),
    "assumption-set": Words("Geändert", "Changed"),
    "assumption-default": Words("Vorgabe", "default"),
    "assumption-city": Words("von der Stadt geändert", "changed by the city"),
    "assumption-project": Words("vom Projekt geändert", "changed by the project"),
    "assumption-change": Words("Ändern", "Change"),
    "assumption-reason": Words("Begründung", "Reason"),
    "assumption-reset": Words("Zurücksetzen", "Reset"),
    "assumption-between": Words("{least} bis {most} {unit}", "{least} to {most} {unit}"),
    "assumption-not-set": Words("wie vorgegeben", "as by default"),
    "assumption-history": Words("Verlauf ({n})", "History ({n})"),
    "assumption-set-city": Words("Stadt, geändert", "City, changed"),
    "assumption-set-project": Words("Projekt, geändert", "Project, changed"),
    "assumption-taken-back-city": Words("Stadt, zurückgesetzt", "City, reset"),
    "assumption-taken-back-project": Words("Projekt, zurückgesetzt", "Project, reset"),
    "assumption-bad-number": Words(
        "„{text}“ ist keine Zahl. Ein Beispiel: 85,5.", "“{text}” is no number. An example: 85.5."
    ),
}
