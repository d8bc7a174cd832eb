/** What a caller at the front desk states: the fields of a usual repair, half a kilobyte of JSON. */
export const ticketBody = (branchId: string): object => ({
  branchId,
  kind: 'repair',
  channel: 'hotline',
  content:
    'Water drips from the kitchen ceiling since yesterday evening; the neighbour above is not at home. 厨房天花板漏水。',
  requesterName: '王晓梅',
  requesterPhone: '+86 21 5555 0100',
  unitText: 'Tower 2, 1203',
  preferredTime: 'weekdays after 18:00',
});
