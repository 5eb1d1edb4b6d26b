"""`carillon courses`: the course CRM in Telegram."""

import typer

from infra.cli.courses import broadcasts, consent_texts, import_crm, people, school, sheet
from infra.cli.forgetting import commands as forgetting

app = typer.Typer(help="The course CRM: its school, people and consents; taking over a crm.db.", no_args_is_help=True)
app.command("init", epilog=school.INIT_EXAMPLES)(school.init)
app.command("settings", epilog=school.SETTINGS_EXAMPLES)(school.settings)
app.command("example", epilog=import_crm.EXAMPLE_EXAMPLES)(import_crm.example)
app.command("import", epilog=import_crm.EXAMPLES)(import_crm.import_)
app.command("people", epilog=people.PEOPLE_EXAMPLES)(people.people)
app.command("roles", epilog=people.ROLES_EXAMPLES)(people.roles)
app.command("cohorts", epilog=school.COHORTS_EXAMPLES)(school.cohorts)
app.command("consent-texts", epilog=consent_texts.EXAMPLES)(consent_texts.consent_texts)
app.command("sheet", epilog=sheet.EXAMPLES)(sheet.sheet)
app.command("export", epilog=people.EXPORT_EXAMPLES)(people.export)
app.command("forget", epilog=forgetting.COURSES_EXAMPLES)(forgetting.courses)
app.add_typer(broadcasts.app, name="broadcasts")
