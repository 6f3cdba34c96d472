-- 各报表金额栏目的取数口径：每个栏目汇总哪些台账行
-- Which lines of the ledger each money column adds up, in forms 2 to 5, 7 to 21 and 23.
-- Codes are patterns of LIKE (301% is 301 and everything below it); an empty pattern is no code;
-- null restricts nothing.
-- A column with several rules adds up the lines of each.
create view report.column_rule as
-- 表2 收入总表：by source
select
    2::smallint as report_no, column_key, statement, null::text as fund_pattern, null::text as nature,
    null::text[] as department_economic_patterns, null::text[] as government_economic_patterns, item_pattern
from (
    values
        ('total', 'revenue', null),
        ('total', 'carry_over', 'opening'),
        ('general_total', 'revenue', '11%'),
        ('general_funds', 'revenue', '111%'),
        ('general_non_tax', 'revenue', '112%'),
        ('general_bonds', 'revenue', '113%'),
        ('foreign_loans', 'revenue', '114%'),
        ('foreign_grants', 'revenue', '115%'),
        ('government_fund', 'revenue', '12%'),
        ('state_capital', 'revenue', '13%'),
        ('social_insurance', 'revenue', '14%'),
        ('fiscal_account', 'revenue', '2%'),
        ('superior_subsidy_total', 'revenue', '17%'),
        ('superior_subsidy_general', 'revenue', '171%'),
        ('superior_subsidy_government_fund', 'revenue', '172%'),
        ('superior_subsidy_state_capital', 'revenue', '173%'),
        ('unit_funds_total', 'revenue', '3%'),
        ('institution_income', 'revenue', '31%'),
        ('operating_income', 'revenue', '34%'),
        ('superior_unit_subsidy', 'revenue', '32%'),
        ('affiliate_remittance', 'revenue', '33%'),
        ('other_income', 'revenue', '39%'),
        ('opening', 'carry_over', 'opening')
) as rule (column_key, statement, item_pattern)
union all
-- 表3 支出总表：by nature
select 3::smallint, column_key, 'expenditure', null, nature, null, null, null
from (
    values
        ('total', null),
        ('basic', 'basic'),
        ('project', 'project'),
        ('operating', 'operating'),
        ('remitted', 'remitted'),
        ('subsidy', 'subsidy')
) as rule (column_key, nature)
union all
-- 表4、表17：by government-economic 类
select
    form.report_no::smallint, rule.column_key, 'expenditure', form.fund_pattern, null,
    null, rule.government_economic_patterns, null
from (
    values (4, null), (17, '12%')
) as form (report_no, fund_pattern)
cross join (
    values
        ('total', null::text[]),
        ('agency_wages', '{501%}'),
        ('agency_goods_services', '{502%}'),
        ('agency_capital', '{503%}'),
        ('agency_capital_construction', '{504%}'),
        ('institution_recurrent', '{505%}'),
        ('institution_capital', '{506%}'),
        ('enterprise_subsidy', '{507%}'),
        ('enterprise_capital', '{508%}'),
        ('individuals_families', '{509%}'),
        ('social_security_funds', '{510%}'),
        ('debt_interest', '{511%}'),
        ('debt_principal', '{512%}'),
        ('transfers', '{513%}'),
        ('other', '{599%}')
) as rule (column_key, government_economic_patterns)
union all
-- 表5、表18：by nature and department-economic 类
select
    form.report_no::smallint, rule.column_key, 'expenditure', form.fund_pattern, rule.nature,
    rule.department_economic_patterns, null, null
from (
    values (5, null), (18, '12%')
) as form (report_no, fund_pattern)
cross join (
    values
        ('total', null, null::text[]),
        ('basic_total', 'basic', null),
        ('basic_wages', 'basic', '{301%}'),
        ('basic_goods_services', 'basic', '{302%,307%,309%,310%,311%,312%,313%,399%}'),
        ('basic_individuals_families', 'basic', '{303%}'),
        ('project_total', 'project', null),
        ('project_wages', 'project', '{301%}'),
        ('project_goods_services', 'project', '{302%}'),
        ('project_individuals_families', 'project', '{303%}'),
        ('project_debt_interest', 'project', '{307%}'),
        ('project_capital_construction', 'project', '{309%}'),
        ('project_capital', 'project', '{310%}'),
        ('project_enterprise_construction', 'project', '{311%}'),
        ('project_enterprise_subsidy', 'project', '{312%}'),
        ('project_social_security_funds', 'project', '{313%}'),
        ('project_other', 'project', '{399%}')
) as rule (column_key, nature, department_economic_patterns)
-- form 18 has no column 按项目管理的工资福利支出
where not (form.report_no = 18 and rule.column_key = 'project_wages')
union all
-- 表7、表16、表19、表20：一般公共预算、政府性基金、国有资本经营、财政专户，by 人员经费 and 公用经费
select
    form.report_no::smallint, rule.column_key, 'expenditure', form.fund_pattern, rule.nature,
    rule.department_economic_patterns, null, null
from (
    values (7, '11%'), (16, '12%'), (19, '13%'), (20, '2%')
) as form (report_no, fund_pattern)
cross join (
    values
        ('total', null, null::text[]),
        ('basic_total', 'basic', null),
        ('basic_wages', 'basic', '{301%}'),
        ('basic_individuals_families', 'basic', '{303%}'),
        ('basic_public', 'basic', '{302%,307%,309%,310%,311%,312%,313%,399%}'),
        ('project', 'project', null)
) as rule (column_key, nature, department_economic_patterns)
union all
-- 表8 一般公共预算基本支出表
select 8::smallint, column_key, 'expenditure', '11%', 'basic', department_economic_patterns, null, null
from (
    values
        ('total', null::text[]),
        ('staff', '{301%,303%}'),
        ('public', '{302%,307%,309%,310%,311%,312%,313%,399%}')
) as rule (column_key, department_economic_patterns)
union all
-- 表9、表11、表13：基本支出 of the general public budget, by government-economic 款
select
    report_no::smallint, column_key, 'expenditure', '11%', 'basic',
    department_economic_patterns, government_economic_patterns, null
from (
    values
        (9, 'total', '{301%}'::text[], null::text[]),
        (9, 'agency_total', '{301%}', '{501%}'),
        (9, 'agency_salaries', '{301%}', '{50101}'),
        (9, 'agency_social_insurance', '{301%}', '{50102}'),
        (9, 'agency_housing_fund', '{301%}', '{50103}'),
        (9, 'agency_other_wages', '{301%}', '{50199}'),
        (9, 'institution_total', '{301%}', '{505%}'),
        (9, 'institution_wages', '{301%}', '{50501}'),
        (9, 'institution_other', '{301%}', '{50599}'),
        (11, 'total', '{303%}', null),
        (11, 'welfare_relief', '{303%}', '{50901}'),
        (11, 'student_grants', '{303%}', '{50902}'),
        (11, 'farm_subsidies', '{303%}', '{50903}'),
        (11, 'retirement', '{303%}', '{50905}'),
        (11, 'other_individuals', '{303%}', '{50999}'),
        (13, 'total', '{302%}', null),
        (13, 'agency_total', '{302%}', '{502%}'),
        (13, 'office', '{302%}', '{50201}'),
        (13, 'meetings', '{302%}', '{50202}'),
        (13, 'training', '{302%}', '{50203}'),
        (13, 'special_materials', '{302%}', '{50204}'),
        (13, 'commissioned_services', '{302%}', '{50205}'),
        (13, 'reception', '{302%}', '{50206}'),
        (13, 'abroad', '{302%}', '{50207}'),
        (13, 'vehicle_operation', '{302%}', '{50208}'),
        (13, 'maintenance', '{302%}', '{50209}'),
        (13, 'other_goods_services', '{302%}', '{50299}'),
        (13, 'institution_total', '{302%}', '{505%}'),
        (13, 'institution_goods_services', '{302%}', '{50502}'),
        (13, 'institution_other', '{302%}', '{50599}')
) as rule (report_no, column_key, department_economic_patterns, government_economic_patterns)
union all
-- 表10、表12、表14：基本支出 of the general public budget, by department-economic 款
select
    report_no::smallint, column_key, 'expenditure', '11%', 'basic',
    department_economic_patterns, null, null
from (
    values
        (10, 'total', '{301%}'::text[]),
        (10, 'salaries_total', '{30101,30102,30103,30107}'),
        (10, 'basic_salary', '{30101}'),
        (10, 'allowances', '{30102}'),
        (10, 'bonuses', '{30103}'),
        (10, 'performance_pay', '{30107}'),
        (10, 'social_insurance_total', '{30108,30109,30110,30111,30112}'),
        (10, 'pension', '{30108}'),
        (10, 'occupational_annuity', '{30109}'),
        (10, 'medical_insurance', '{30110}'),
        (10, 'civil_servant_medical', '{30111}'),
        (10, 'other_social', '{30112}'),
        (10, 'housing_fund', '{30113}'),
        (10, 'other_wages_total', '{30106,30114,30199}'),
        (10, 'meal_allowance', '{30106}'),
        (10, 'medical_fees', '{30114}'),
        (10, 'other_wages', '{30199}'),
        (12, 'total', '{303%}'),
        (12, 'leave_retirement', '{30301}'),
        (12, 'retirement', '{30302}'),
        (12, 'resignation', '{30303}'),
        (12, 'pension_for_bereaved', '{30304}'),
        (12, 'living_allowance', '{30305}'),
        (12, 'relief', '{30306}'),
        (12, 'medical_subsidy', '{30307}'),
        (12, 'student_grants', '{30308}'),
        (12, 'rewards', '{30309}'),
        (12, 'social_insurance_paid', '{30311}'),
        (12, 'farm_subsidies', '{30310}'),
        (12, 'other_individuals', '{30399}'),
        (14, 'total', '{302%}'),
        (14, 'office', '{30201}'),
        (14, 'printing', '{30202}'),
        (14, 'consulting', '{30203}'),
        (14, 'bank_charges', '{30204}'),
        (14, 'water', '{30205}'),
        (14, 'electricity', '{30206}'),
        (14, 'post_telecom', '{30207}'),
        (14, 'heating', '{30208}'),
        (14, 'property_management', '{30209}'),
        (14, 'travel', '{30211}'),
        (14, 'abroad', '{30212}'),
        (14, 'maintenance', '{30213}'),
        (14, 'rent', '{30214}'),
        (14, 'meetings', '{30215}'),
        (14, 'training', '{30216}'),
        (14, 'reception', '{30217}'),
        (14, 'special_materials', '{30218}'),
        (14, 'bedding_clothing', '{30224}'),
        (14, 'special_fuel', '{30225}'),
        (14, 'labour_services', '{30226}'),
        (14, 'commissioned_services', '{30227}'),
        (14, 'union_funds', '{30228}'),
        (14, 'welfare', '{30229}'),
        (14, 'vehicle_operation', '{30231}'),
        (14, 'other_transport', '{30239}'),
        (14, 'taxes', '{30240}'),
        (14, 'other_goods_services', '{30299}')
) as rule (report_no, column_key, department_economic_patterns)
union all
-- 表15 “三公”经费
select 15::smallint, column_key, 'three_public', null, null, null, null, item_pattern
from (
    values
        ('total', null),
        ('abroad', 'abroad'),
        ('vehicle_total', 'vehicle%'),
        ('vehicle_purchase', 'vehicle_purchase'),
        ('vehicle_operation', 'vehicle_operation'),
        ('reception', 'reception')
) as rule (column_key, item_pattern)
union all
-- 表21 专项资金：by fund, and by way of budgeting
select 21::smallint, column_key, 'special_fund', fund_pattern, null, null, null, item_pattern
from (
    values
        ('total', null, null),
        ('general_total', '11%', null),
        ('general_funds', '111%', null),
        ('general_non_tax', '112%', null),
        ('general_bonds', '113%', null),
        ('foreign_loans', '114%', null),
        ('foreign_grants', '115%', null),
        ('government_fund', '12%', null),
        ('state_capital', '13%', null),
        ('social_insurance', '14%', null),
        ('in_department_budget', null, 'in_department_budget'),
        ('held_by_finance', null, 'held_by_finance')
) as rule (column_key, fund_pattern, item_pattern)
union all
-- 表23 预算情况：其他资金 is whatever the three funds named are not
select 23::smallint, column_key, 'expenditure', fund_pattern, nature, null, null, null
from (
    values
        ('total', null, null),
        ('general', '11%', null),
        ('government_fund', '12%', null),
        ('fiscal_account', '2%', null),
        ('other_funds', '13%', null),
        ('other_funds', '14%', null),
        ('other_funds', '17%', null),
        ('other_funds', '18%', null),
        ('other_funds', '3%', null),
        ('other_funds', '', null),
        ('basic', null, 'basic'),
        ('project', null, 'project')
) as rule (column_key, fund_pattern, nature)
