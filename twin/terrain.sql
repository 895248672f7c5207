create table if not exists gpkg_tile_matrix_set (
    table_name text not null primary key, srs_id integer not null,
    min_x double not null, min_y double not null, max_x double not null, max_y double not null,
    constraint fk_gtms_table_name foreign key (table_name) references gpkg_contents (table_name),
    constraint fk_gtms_srs foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));

create table if not exists gpkg_tile_matrix (
    table_name text not null, zoom_level integer not null, matrix_width integer not null, matrix_height integer not null,
    tile_width integer not null, tile_height integer not null, pixel_x_size double not null, pixel_y_size double not null,
    constraint pk_ttm primary key (table_name, zoom_level),
    constraint fk_tmm_table_name foreign key (table_name) references gpkg_contents (table_name));

create table if not exists gpkg_2d_gridded_coverage_ancillary (
    id integer primary key autoincrement not null, tile_matrix_set_name text not null unique,
    datatype text not null default 'integer', scale real not null default 1.0, offset real not null default 0.0,
    precision real default 1.0, data_null real, grid_cell_encoding text default 'grid-value-is-center', uom text,
    field_name text default 'Height', quantity_definition text default 'Height',
    constraint fk_g2dgtct_name foreign key (tile_matrix_set_name) references gpkg_tile_matrix_set (table_name),
    check (datatype in ('integer', 'float')));

create table if not exists gpkg_2d_gridded_tile_ancillary (
    id integer primary key autoincrement not null, tpudt_name text not null, tpudt_id integer not null,
    scale real not null default 1.0, offset real not null default 0.0,
    min real default null, max real default null, mean real default null, std_dev real default null,
    constraint fk_g2dgtat_name foreign key (tpudt_name) references gpkg_contents (table_name),
    unique (tpudt_name, tpudt_id));

insert or ignore into gpkg_extensions (table_name, column_name, extension_name, definition, scope)
select column1, column2, 'gpkg_2d_gridded_coverage',
    'http://docs.opengeospatial.org/is/17-066r1/17-066r1.html', 'read-write'
from (values ('gpkg_2d_gridded_coverage_ancillary', null), ('gpkg_2d_gridded_tile_ancillary', null),
             ('terrain', 'tile_data'))
where not exists (select 1 from gpkg_extensions known
    where known.table_name = column1 and known.extension_name = 'gpkg_2d_gridded_coverage');

insert or ignore into gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition)
values ('WGS 84 3D', 4979, 'EPSG', 4979, :wgs84_3d);

insert into gpkg_contents (table_name, data_type, identifier, description, srs_id, min_x, min_y, max_x, max_y)
values ('terrain', '2d-gridded-coverage', 'terrain', 'Gelände', :srid, :min_x, :min_y, :max_x, :max_y)
on conflict (table_name) do update set last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    min_x = excluded.min_x, min_y = excluded.min_y, max_x = excluded.max_x, max_y = excluded.max_y;

insert or ignore into gpkg_tile_matrix_set values ('terrain', :srid, -:edge, -:edge, :edge, :edge);

with recursive level (zoom, cell) as (select 0, :coarsest union all select zoom + 1, cell / 2 from level where zoom < :zoom)
insert or ignore into gpkg_tile_matrix
select 'terrain', zoom, cast(2 * :edge / cell / :tile as integer), cast(2 * :edge / cell / :tile as integer),
    :tile, :tile, cell, cell
from level;

insert or ignore into gpkg_2d_gridded_coverage_ancillary (tile_matrix_set_name, datatype, precision, data_null, uom)
values ('terrain', 'float', :precision, :void, 'm');

delete from gpkg_2d_gridded_tile_ancillary
where tpudt_name = 'terrain' and tpudt_id not in (select id from terrain);

insert into gpkg_2d_gridded_tile_ancillary (tpudt_name, tpudt_id)
select 'terrain', id from terrain
where id not in (select tpudt_id from gpkg_2d_gridded_tile_ancillary where tpudt_name = 'terrain')
