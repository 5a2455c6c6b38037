"""What looks unused to vulture, each with who uses it."""

_.emergency_number  # filled into texts by name
_.crisis_line  # filled into texts by name
__getattr__  # Python calls it
_SubParsersAction  # for the type checker
batch_posterior, can_be_fast  # the library and the benchmarks, for many people
pack, pack_columns, evaluate, most_urgent, unpack  # the same, for rules
Standing, affected, _.hear  # one person's rules again after one answer
_.ranked  # the whole ranking, for tests and reports
create_app, create_app_with_gallery  # uvicorn, by name
_.disabled, _.globals  # attributes of the standard library and Jinja
default  # a parameter whose name the caller fixes
_.href, _.urgency, _.call, _.exposures, _.amounts, _.already, _.spots, _.labels, _.half, _.hidden  # templates
_.spasm, _.free_day  # templates without a server
entry  # the console script
fit_certified, build, washout  # the statistics of a diary, for what is to come
informed, effect_of, _.chance_of_ratio_below  # the same
leaning, fit_jointly  # why days go missing, and how bad they were
ALARM, WATCH  # the change alarm
by_block, randomisation_test, wager, all_schedules  # self-experiments
OFFERED, CHOSEN, DECLINED, DONE  # what became of a remedy, as devices and files say it
_.caption, _.svg, svg, caption  # the forms of a report print them
is_whole, style_source  # whoever is given a report, and tests
_.episode, _.medicines_complete, _.born  # said in entries, and kept
_.tasks, _.no_spasm, _.next_look  # templates of the home and of the visit
put, merge  # devices
_.left_out_days  # written in a protocol
