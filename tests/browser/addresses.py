"""An address of the hamlet for each page that the app has; test_accessible.py fails on a page without one."""

# The endpoint -> what a person may open; nothing, where the answer is no page but a file.
PAGES: dict[str, list[str]] = {
    "pages.start": ["/"],
    "pages.scenario": ["/scenarios/0"],
    "pages.feature": ["/scenarios/0/buildings/house", "/scenarios/0/buildings/shed-9", "/scenarios/0/moats/1"],
    "pages.deck_js": [],
    "search.page": ["/scenarios/0/search?q=kai", "/scenarios/0/search?q=nothing", "/scenarios/0/search"],
    "tables.table": [
        "/scenarios/0/table/buildings",
        "/scenarios/0/table/buildings?height.from=5&sort=-height",
        "/scenarios/0/table/buildings?height.from=500",
        "/scenarios/0/table/buildings?height.from=high",
        "/scenarios/0/table/trees",
    ],
    "tables.table_csv": [],
    "about.about_page": ["/about"],
    "openapi.page": ["/api"],
    "exports.page": ["/scenarios/1/export", "/ogc/scenarios/1/collections/buildings/items?f=html"],
    "exports.file": [],
    "exports.qgis": [],
    "exports.model": [],
    "people.login": ["/login"],
    "projects.overview": ["/projects"],
    "projects.project": ["/projects/1"],
    "projects.project_plan": [],
    "projects.scenario_plan": [],
    "compare.page": ["/scenarios/1/differences#mode=list", "/scenarios/1/differences#mode=swipe"],
    "compare.chosen": [],
    "reach.page": ["/scenarios/0/reach", "/scenarios/0/reach?q=9.0,53.5194", "/scenarios/0/reach?q=atlantis"],
    "reach.plan": [],
    "land.page": ["/scenarios/0/land?hectares=0.001", "/scenarios/0/land"],
    "land.plan": [],
    "land.guesses": ["/scenarios/0/candidates"],
    "uses.page": ["/scenarios/0/uses?use=workshop", "/scenarios/0/uses?place=V1"],
    "stories.present": ["/projects/1/story"],
    "design_forms.place": [],
    "assumptions.table": ["/assumptions", "/projects/1/assumptions"],
    "participation.overview": ["/participation"],
    "participation.page": ["/participation/1"],
    "participation.about_page": ["/participation/1/about", "/participation/1/about?lang=leicht"],
    "participation.contribution": ["/participation/1/1", "/participation/1/2"],
    "participation.photo": [],
    "participation_forms.new": ["/participation/1/new?layer=buildings&uid=house"],
    "participation_forms.own": ["/participation/1/own/secret-1", "/participation/1/own/guessed"],
    "participation_extras.picture": [],
    "participation_subscribe.page": ["/participation/1/subscribe"],
    "participation_subscribe.one": ["/participation/1/subscriptions/guessed"],
    "participation_mine.page": ["/participation/1/my-data?secret=secret-1"],
    "participation_mine.file": [],
    "participation_report.page": ["/participation/1/report"],
    "participation_report.file": [],
    "participation_results.page": ["/participation/1/results"],
    "participation_results.export": [],
    "participation_sheet.page": ["/participation/1/sheet"],
    "participation_sheet.qr": [],
    "participation_sheet.own_qr": [],
    "plot_figures.of_plot": ["/scenarios/1/buildings/shed-1/figures", "/scenarios/1/buildings/shed-9/figures"],
    "dashboard.overview": ["/projects/1/figures?sun=", "/projects/1/figures?area=city", "/projects/1/figures?day=x"],
    "dashboard.question": ["/projects/1/figures/spacing", "/projects/1/figures/daylight", "/projects/1/figures/luck"],
    "dashboard.plan": [],
    "together.page": [
        "/projects/1/where",
        "/projects/1/where?floor_area.from=10&over.from=1",
        "/projects/1/where?cost.to=x",
    ],
    "together.plan": [],
    "dashboard.table": [],
}
# Those that only planners and administrators may open.
PLANNERS_PAGES = {
    "people.account": ["/account"],
    "tokens.page": ["/account/tokens"],
    "people.everybody": ["/people"],
    "projects.new": ["/projects/new"],
    "projects.edit": ["/projects/1/edit"],
    "planner.new": ["/scenarios/2/buildings/new", "/scenarios/2/streets/new"],
    "planner.edit": ["/scenarios/2/buildings/house/edit"],
    "verbs.verb_list": ["/scenarios/2/do"],
    "verbs.verb_form": ["/scenarios/2/do/redesign-street", "/scenarios/2/do/new-line?stops=stop"],
    "assumptions.table": ["/projects/1/assumptions"],
    "design_forms.design": ["/scenarios/2/design"],
    "planner.history": ["/scenarios/2/history"],
    "stories.listed": ["/projects/1/viewpoints"],
    "stories.new": ["/projects/1/viewpoints/new"],
    "stories.edit": ["/viewpoints/1/edit"],
    "participation_setup.new": ["/projects/1/participation"],
    "participation_setup.edit": ["/participation/1/edit"],
    "participation_extras.pictures": ["/participation/1/pictures"],
    "participation_extras.invited": ["/participation/1/invitations"],
    "participation_present.page": ["/participation/1/present"],
    "participation_desk.desk": ["/participation/1/desk"],
    "participation_desk.one": ["/participation/1/desk/1"],
    "participation_desk.enter": ["/participation/1/enter"],
}
CITY = ("pages.start", "pages.scenario", "participation.page")  # these wait for the scene
NO_PAGE = ["/nothing/here", "/scenarios/99"]
FOR_PROGRAMS = ("/api/", "/tiles/", "/ogc", "/static/")


def pages_of(app) -> set[str]:
    """The endpoints that a person's browser may open."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith(FOR_PROGRAMS)
    }
