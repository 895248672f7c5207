"""The words of participation for moderators, and for planners who open a session."""

from twin.feature import Words

FOR_STAFF = {
    "p-desk": Words("Moderation", "Moderation"),
    "p-at-desk": Words("In der Moderation öffnen", "Open at the moderators' desk"),
    "p-all": Words("alle", "all"),
    "p-look-for": Words("Suche", "Search"),
    "p-sift": Words("Filtern", "Filter"),
    "p-comments-waiting": Words("Kommentare, die warten", "Comments that wait"),
    "p-answered": Words("beantwortet", "answered"),
    "p-earlier": Words("Neuere", "Newer"),
    "p-later": Words("Ältere", "Older"),
    "p-merged-into": Words("Zusammengelegt mit Beitrag", "Merged into contribution"),
    "p-publish-note": Words(
        "Für alle zu sehen, auch das Foto; Links lassen sich dann anklicken.",
        "Seen by everyone, the photo too; links can be followed then.",
    ),
    "p-office": Words("Zuständiges Amt", "Responsible office"),
    "p-ask": Words("Zurückfragen", "Ask back"),
    "p-ask-note": Words(
        "Steht hinter dem geheimen Link; bis zur Antwort sieht nur die Person den Beitrag.",
        "Stands behind the secret link; until it is answered only its author sees the contribution.",
    ),
    "p-reason": Words("Grund", "Reason"),
    "p-hide": Words("Ausblenden", "Hide"),
    "p-hide-note": Words("Der Grund ist für alle zu sehen.", "Everyone sees the reason."),
    "p-merge": Words("Dasselbe wie Beitrag Nr.", "The same as contribution no."),
    "p-merge-do": Words("Zusammenlegen", "Merge"),
    "p-merge-note": Words("Stimmen und Kommentare gehen mit.", "Ratings and comments go with it."),
    "p-answer-do": Words("Antworten", "Answer"),
    "p-link": Words("Änderung, die daraus folgte", "Change that followed from it"),
    "p-link-none": Words("keine", "none"),
    "p-link-note": Words(
        "Beide zeigen aufeinander: der Beitrag auf die Variante, der Verlauf der Variante auf den Beitrag.",
        "Both show each other: the contribution the scenario, and the scenario's history the contribution.",
    ),
    "p-led-here": Words("folgt aus Beitrag", "follows from contribution"),
    "p-present": Words("Präsentieren", "Present"),
    "p-present-end": Words("Zur Moderation", "To the desk"),
    "p-present-keys": Words(
        "Pfeiltasten: Rundgang · 1, 2, 3: Anzeige · T: Uhr · F: ganzer Bildschirm",
        "Arrow keys: tour · 1, 2, 3: display · T: clock · F: full screen",
    ),
    "p-shows": Words("Anzeige", "Display"),
    "p-shows-tour": Words("Rundgang", "Tour"),
    "p-shows-said": Words("Beiträge", "Contributions"),
    "p-shows-polls": Words("Umfragen", "Polls"),
    "p-no-poll": Words("Diese Beteiligung hat keine Umfrage.", "This session has no poll."),
    "p-minutes": Words("Minuten", "Minutes"),
    "p-clock-start": Words("Uhr starten", "Start the clock"),
    "p-clock-stop": Words("Uhr anhalten", "Stop the clock"),
    "p-clock-over": Words("Die Zeit ist um.", "Time is up."),
    "p-enter": Words("Papier und Gespräche eingeben", "Key in paper and talks"),
    "p-entered": Words("Gespeichert als Beitrag", "Saved as contribution"),
    "p-enter-next": Words("Speichern und nächster", "Save, and the next one"),
    "p-new": Words("Neue Beteiligung", "New participation"),
    "p-edit": Words("Beteiligung einrichten", "Set up the participation"),
    "p-is-open": Words("geöffnet", "open"),
    "p-open-now": Words("Für alle öffnen", "Open for everyone"),
    "p-close": Words("Schließen", "Close"),
    "p-plain-text": Words("Worum geht es? In einfachen Worten", "What is it about? In plain words"),
    "p-plain-text-note": Words(
        "Kurze Sätze, keine Fachwörter: Was ist geplant, was ist offen, was nicht mehr?",
        "Short sentences, no jargon: what is planned, what is open, and what no longer is?",
    ),
    "p-about-scenarios": Words("Zu diesen Varianten", "About these scenarios"),
    "p-none-published": Words(
        "Im Projekt ist noch keine Variante veröffentlicht.", "No scenario of the project is published yet."
    ),
    "p-area-project": Words("Das Gebiet des Projekts", "The project's area"),
    "p-phases-note": Words(
        "Phasen dürfen zur selben Zeit laufen. Leere Tage: Die Phase gibt es nicht.",
        "Phases may run at the same time. Without days there is no such phase.",
    ),
    "p-categories": Words("Themen", "Categories"),
    "p-one-a-line": Words("Eines in jeder Zeile.", "One a line."),
    "p-questions": Words("Fragen und Umfragen", "Questions and polls"),
    "p-questions-note": Words(
        "Mit Antworten zur Auswahl ist es eine Umfrage, ohne ein Textfeld.",
        "With replies to choose from it is a poll, without them a field of text.",
    ),
    "p-question": Words("Frage", "Question"),
    "p-choices": Words("Antworten, eine in jeder Zeile", "Replies, one a line"),
    "p-which-step": Words("Welcher Schritt ist das?", "Which step is this?"),
    "p-formal-informal": Words(
        "Informelle Beteiligung: kein Schritt eines förmlichen Verfahrens.",
        "Informal participation: no step of a formal procedure.",
    ),
    "p-formal-3-1": Words(
        "Frühzeitige Beteiligung der Öffentlichkeit nach § 3 Absatz 1 BauGB.",
        "Early public participation under section 3 (1) BauGB.",
    ),
    "p-formal-3-2": Words(
        "Veröffentlichung und Stellungnahmen nach § 3 Absatz 2 BauGB.",
        "Publication and statements under section 3 (2) BauGB.",
    ),
    "p-moderation": Words("Wann wird geprüft?", "When is it checked?"),
    "p-moderation-before": Words(
        "Jeder Beitrag wird gelesen, bevor er zu sehen ist.", "Each contribution is read before it is seen."
    ),
    "p-moderation-after": Words(
        "Beiträge sind sofort zu sehen und werden danach gelesen.",
        "Contributions are seen at once and are read afterwards.",
    ),
    "p-open-anyone": Words("Alle können mitmachen, ohne Konto.", "Everyone can take part, without an account."),
    "p-open-code": Words("Mitmachen kann, wer den Zugangscode kennt.", "Who knows the access code can take part."),
    "p-open-invited": Words(
        "Mitmachen kann, wer einen eigenen Code aus einer Einladung hat.",
        "Who has a code of their own from an invitation can take part.",
    ),
    "p-who": Words("Wer darf mitmachen?", "Who may take part?"),
    "p-code-planner": Words(
        "Für „Zugangscode“: Das Formular fragt danach.", "For “access code”: the form asks for it."
    ),
    "p-languages": Words("Weitere Sprachen", "Other languages"),
    "p-title-en": Words("Titel auf Englisch", "Title in English"),
    "p-text-en": Words("Text auf Englisch", "Text in English"),
    "p-text-simple": Words("Text in Leichter Sprache", "Text in Leichte Sprache"),
    "p-text-simple-note": Words(
        "Kurze Sätze, ein Gedanke in jedem, keine Fachwörter. Lassen Sie ihn von Menschen prüfen, die ihn brauchen.",
        "Short sentences, one thought each, no jargon. Let people check it who need it.",
    ),
    "p-picture": Words("Bild", "Picture"),
    "p-picture-caption": Words("Was ist darauf zu sehen?", "What does it show?"),
    "p-picture-add": Words("Bild hinzufügen", "Add the picture"),
    "p-no-pictures": Words("Noch gibt es keine Bilder.", "There are no pictures yet."),
    "p-invitations": Words("Einladungen", "Invitations"),
    "p-invitations-why": Words(
        "Jeder Code gilt für eine Person. Gespeichert wird nur seine Prüfsumme: Drucken oder kopieren Sie die Liste"
        " jetzt, sie ist danach nicht mehr zu sehen.",
        "Each code is for one person. Only its checksum is kept: print or copy the list now, it cannot be seen again.",
    ),
    "p-invitations-counted": Words("{all} Codes, {used} davon benutzt.", "{all} codes, {used} of them used."),
    "p-invitations-make": Words("Codes erzeugen", "Make codes"),
    "p-invitations-count": Words("Wie viele?", "How many?"),
    "p-invitations-new": Words("Neue Codes", "New codes"),
    "p-privacy-usual": Words(
        "Verantwortlich ist die Stadt. Ihr Beitrag wird veröffentlicht und im Verfahren verwendet (Art. 6 Abs. 1"
        " Buchst. e DSGVO). Schreiben Sie keine Namen und keine Adressen hinein.",
        "The town is responsible. Your contribution is published and used in the procedure (Art. 6 (1) (e) GDPR)."
        " Please write no names and no addresses into it.",
    ),
    "p-categories-usual": Words(
        "Wohnen\nVerkehr\nGrün und Klima\nSpielen und Treffen\nEinkaufen und Arbeiten\nSonstiges",
        "Housing\nTraffic\nGreen and climate\nPlaying and meeting\nShopping and working\nOther",
    ),
    "p-sheet": Words("Blatt zum Drucken", "Sheet to print"),
    "p-sheet-note": Words(
        "Drucken Sie diese Seite. Ausgefüllte Blätter gibt die Moderation unter „Papier und Gespräche eingeben“ ein.",
        "Print this page. Moderators key in filled sheets under “Key in paper and talks”.",
    ),
    "p-sheet-back": Words("Bitte geben Sie das Blatt zurück an:", "Please return the sheet to:"),
    "p-qr": Words("Mitmachen mit dem eigenen Telefon", "Take part with your own phone"),
    "p-start-session": Words("Beteiligung einrichten …", "Set up a participation …"),
}
