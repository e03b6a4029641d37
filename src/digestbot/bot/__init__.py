"""The bot as people meet it: commands, keyboards, uploads, permissions.

`application.build_application(bot, services)` makes it; `application.set_menus(bot)` sets the menus.
"""
