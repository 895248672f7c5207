"""Who reaches what: ways on foot, by bicycle and by timetable, from the planned streets, stops and lines."""
